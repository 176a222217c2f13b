package grafana

// lines is how a time series is drawn.
type lines struct {
	DrawStyle         string         `json:"drawStyle"`
	LineWidth         int            `json:"lineWidth"`
	FillOpacity       int            `json:"fillOpacity"`
	ShowPoints        string         `json:"showPoints"`
	LineInterpolation string         `json:"lineInterpolation"`
	Stacking          stacking       `json:"stacking"`
	ThresholdsStyle   thresholdStyle `json:"thresholdsStyle"`
}

type stacking struct {
	Mode  string `json:"mode"`
	Group string `json:"group"`
}

type thresholdStyle struct {
	Mode string `json:"mode"`
}

type seriesOptions struct {
	Legend  legend  `json:"legend"`
	Tooltip tooltip `json:"tooltip"`
}

type legend struct {
	ShowLegend  bool     `json:"showLegend"`
	DisplayMode string   `json:"displayMode"`
	Placement   string   `json:"placement"`
	Calcs       []string `json:"calcs"`
	Values      []string `json:"values,omitempty"`
}

type tooltip struct {
	Mode string `json:"mode"`
	Sort string `json:"sort"`
}

// TimeSeries draws lines over time. Its legend is a table with the last and the highest
// value of each.
func TimeSeries(title, unit, description string, targets ...Target) Panel {
	p := panel("timeseries", title, unit, description, targets)
	p.FieldConfig.Defaults.Custom = lines{
		DrawStyle: "line", LineWidth: 1, FillOpacity: 8, ShowPoints: "auto", LineInterpolation: "linear",
		Stacking: stacking{"none", "A"}, ThresholdsStyle: thresholdStyle{"off"},
	}
	p.Options = seriesOptions{
		Legend:  legend{ShowLegend: true, DisplayMode: "table", Placement: "bottom", Calcs: []string{"lastNotNull", "max"}},
		Tooltip: tooltip{"multi", "desc"},
	}
	return p
}

// draw changes how the lines of a time series are drawn.
func (p Panel) draw(change func(*lines)) Panel {
	l := p.FieldConfig.Defaults.Custom.(lines)
	change(&l)
	p.FieldConfig.Defaults.Custom = l
	return p
}

// Stacked draws the lines of a time series on top of each other, so that the uppermost
// is the sum.
func (p Panel) Stacked() Panel {
	return p.draw(func(l *lines) { l.Stacking.Mode, l.FillOpacity = "normal", 30 })
}

// Marked draws the steps of a scale as lines across a time series.
func (p Panel) Marked(steps []Step) Panel {
	p.FieldConfig.Defaults.Thresholds.Steps = steps
	return p.draw(func(l *lines) { l.ThresholdsStyle.Mode = "dashed" })
}

// Exemplars shows the traces that the values of a time series come from.
func (p Panel) Exemplars() Panel {
	for i := range p.Targets {
		p.Targets[i].Exemplar = true
	}
	return p
}

// Dashed draws the lines of the query with the id in one color and dashed, as what the
// others are held against.
func (p Panel) Dashed(refID, fixed string) Panel {
	return p.override("byFrameRefID", refID,
		property{"color", color{"fixed", fixed}},
		property{"custom.lineStyle", map[string]any{"fill": "dash", "dash": []int{8, 6}}},
		property{"custom.fillOpacity", 0})
}
