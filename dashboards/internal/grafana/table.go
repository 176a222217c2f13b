package grafana

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
