package grafana

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
