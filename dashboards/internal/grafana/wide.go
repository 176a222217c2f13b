package grafana

type heatmapOptions struct {
	Calculate  bool              `json:"calculate"`
	CellGap    int               `json:"cellGap"`
	Color      heatmapColor      `json:"color"`
	Exemplars  map[string]string `json:"exemplars"`
	Filter     map[string]any    `json:"filterValues"`
	Legend     map[string]bool   `json:"legend"`
	RowsFrame  map[string]string `json:"rowsFrame"`
	ShowValue  string            `json:"showValue"`
	Tooltip    heatmapTooltip    `json:"tooltip"`
	YAxis      heatmapAxis       `json:"yAxis"`
	CellValues map[string]string `json:"cellValues"`
}

type heatmapColor struct {
	Mode     string  `json:"mode"`
	Scheme   string  `json:"scheme"`
	Scale    string  `json:"scale"`
	Exponent float64 `json:"exponent"`
	Fill     string  `json:"fill"`
	Steps    int     `json:"steps"`
	Reverse  bool    `json:"reverse"`
}

type heatmapTooltip struct {
	Mode           string `json:"mode"`
	YHistogram     bool   `json:"yHistogram"`
	ShowColorScale bool   `json:"showColorScale"`
}

type heatmapAxis struct {
	AxisPlacement string `json:"axisPlacement"`
	Unit          string `json:"unit"`
	Reverse       bool   `json:"reverse"`
}

// Heatmap shows how the values of a native histogram are spread over time.
func Heatmap(title, unit, description string, target Target) Panel {
	target.Format = "heatmap"
	p := panel("heatmap", title, unit, description, []Target{target})
	p.FieldConfig.Defaults.Custom = map[string]any{"hideFrom": map[string]bool{"legend": false, "tooltip": false, "viz": false}}
	p.Options = heatmapOptions{
		CellGap:    1,
		Color:      heatmapColor{Mode: "scheme", Scheme: "Oranges", Scale: "exponential", Exponent: 0.5, Fill: "dark-orange", Steps: 64},
		Exemplars:  map[string]string{"color": "rgba(255,0,255,0.7)"},
		Filter:     map[string]any{"le": 1e-9},
		Legend:     map[string]bool{"show": true},
		RowsFrame:  map[string]string{"layout": "auto"},
		ShowValue:  "never",
		Tooltip:    heatmapTooltip{Mode: "single", YHistogram: true},
		YAxis:      heatmapAxis{AxisPlacement: "left", Unit: unit},
		CellValues: map[string]string{"unit": "short"},
	}
	return p
}

type timelineOptions struct {
	AlignValue  string  `json:"alignValue"`
	MergeValues bool    `json:"mergeValues"`
	RowHeight   float64 `json:"rowHeight"`
	ShowValue   string  `json:"showValue"`
	Legend      legend  `json:"legend"`
	Tooltip     tooltip `json:"tooltip"`
}

// Timeline shows for each series when it was 0 and when 1, in the words off and on.
func Timeline(title, description, off, on string, target Target) Panel {
	p := panel("state-timeline", title, "none", description, []Target{target}).Colored(Steps("green", At(1, "red")))
	p.FieldConfig.Defaults.Mappings = []mapping{{"value", map[string]word{
		"0": {Text: off, Color: "green", Index: 0},
		"1": {Text: on, Color: "red", Index: 1},
	}}}
	p.FieldConfig.Defaults.Custom = map[string]any{"fillOpacity": 70, "lineWidth": 0}
	p.Options = timelineOptions{
		AlignValue: "left", MergeValues: true, RowHeight: 0.8, ShowValue: "auto",
		Legend:  legend{ShowLegend: true, DisplayMode: "list", Placement: "bottom", Calcs: []string{}},
		Tooltip: tooltip{"single", "none"},
	}
	return p
}

// Column is a column of a table.
type Column struct {
	// Title is the head of the column.
	Title string
	// Label is what it shows the values of; without one it shows the results of Expr.
	Label string
	// Expr is an instant query with the labels of the table's other columns.
	Expr string
	// Unit and Steps are how the results are shown; without steps, in no color.
	Unit  string
	Steps []Step
}

type tableOptions struct {
	ShowHeader bool     `json:"showHeader"`
	CellHeight string   `json:"cellHeight"`
	FrameIndex int      `json:"frameIndex"`
	SortBy     []sortBy `json:"sortBy"`
}

type sortBy struct {
	Name string `json:"displayName"`
	Desc bool   `json:"desc"`
}

type organize struct {
	Exclude map[string]bool   `json:"excludeByName"`
	Index   map[string]int    `json:"indexByName"`
	Rename  map[string]string `json:"renameByName"`
}

// Table shows the results of several queries side by side, a line for each set of labels,
// highest value of the first query first.
func Table(title, description string, columns ...Column) Panel {
	var targets []Target
	for _, c := range columns {
		if c.Expr != "" {
			t := Latest(c.Expr, "")
			t.Format = "table"
			targets = append(targets, t)
		}
	}
	p := panel("table", title, "short", description, targets).Size(24, 8)
	p.FieldConfig.Defaults.Custom = map[string]any{"align": "auto", "cellOptions": map[string]string{"type": "auto"}, "inspect": false, "filterable": true}
	o := organize{Exclude: map[string]bool{"Time": true}, Index: map[string]int{}, Rename: map[string]string{}}
	options := tableOptions{ShowHeader: true, CellHeight: "sm", SortBy: []sortBy{}}
	value := 0
	for i, c := range columns {
		name := c.Label
		if c.Expr != "" {
			name = valueColumn(value, len(targets))
			if value == 0 {
				options.SortBy = append(options.SortBy, sortBy{c.Title, true})
			}
			value++
			p = p.column(c)
		}
		o.Index[name], o.Rename[name] = i, c.Title
	}
	p.Options = options
	p.Transformations = []transformation{{"merge", struct{}{}}, {"organize", o}}
	return p
}

// column shows the values of a column in its unit and colors.
func (p Panel) column(c Column) Panel {
	properties := []property{{"unit", c.Unit}}
	if c.Steps != nil {
		properties = append(properties,
			property{"thresholds", thresholds{"absolute", c.Steps}},
			property{"color", color{Mode: "thresholds"}},
			property{"custom.cellOptions", map[string]string{"type": "color-text"}})
	}
	return p.override("byName", c.Title, properties...)
}

// valueColumn is what Grafana calls the results of the i-th of n queries in a table.
func valueColumn(i, n int) string {
	if n == 1 {
		return "Value"
	}
	return "Value #" + string(rune('A'+i))
}
