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
