package grafana

// reduce makes one value of a series.
type reduce struct {
	Calcs  []string `json:"calcs"`
	Fields string   `json:"fields"`
	Values bool     `json:"values"`
}

// last is the latest value there is.
func last() reduce { return reduce{Calcs: []string{"lastNotNull"}} }

type statOptions struct {
	Reduce                 reduce `json:"reduceOptions"`
	Orientation            string `json:"orientation"`
	ColorMode              string `json:"colorMode"`
	GraphMode              string `json:"graphMode"`
	JustifyMode            string `json:"justifyMode"`
	TextMode               string `json:"textMode"`
	WideLayout             bool   `json:"wideLayout"`
	ShowPercentChange      bool   `json:"showPercentChange"`
	PercentChangeColorMode string `json:"percentChangeColorMode"`
}

// Stat shows a figure, and how it came about where it is asked for over time.
func Stat(title, unit, description string, target Target) Panel {
	p := panel("stat", title, unit, description, []Target{target}).Size(4, 4).Colored(Steps("text"))
	graph := "none"
	if target.Range {
		graph = "area"
	}
	p.Options = statOptions{
		Reduce: last(), Orientation: "auto", ColorMode: "value", GraphMode: graph, JustifyMode: "auto",
		TextMode: "auto", WideLayout: true, PercentChangeColorMode: "standard",
	}
	return p
}

type gaugeOptions struct {
	Reduce               reduce   `json:"reduceOptions"`
	Orientation          string   `json:"orientation"`
	Shape                string   `json:"shape"`
	BarShape             string   `json:"barShape"`
	BarWidthFactor       float64  `json:"barWidthFactor"`
	SegmentCount         int      `json:"segmentCount"`
	SegmentSpacing       float64  `json:"segmentSpacing"`
	Effects              struct{} `json:"effects"`
	Sizing               string   `json:"sizing"`
	MinVizWidth          int      `json:"minVizWidth"`
	MinVizHeight         int      `json:"minVizHeight"`
	ShowThresholdLabels  bool     `json:"showThresholdLabels"`
	ShowThresholdMarkers bool     `json:"showThresholdMarkers"`
}

// Gauge shows where each value lies on a scale.
func Gauge(title, unit, description string, target Target) Panel {
	p := panel("gauge", title, unit, description, []Target{target})
	p.Options = gaugeOptions{
		Reduce: last(), Orientation: "auto", Shape: "gauge", BarShape: "flat", BarWidthFactor: 0.4,
		SegmentCount: 1, SegmentSpacing: 0.3, Sizing: "auto", MinVizWidth: 75, MinVizHeight: 75, ShowThresholdMarkers: true,
	}
	return p
}

type barGaugeOptions struct {
	Reduce        reduce `json:"reduceOptions"`
	Orientation   string `json:"orientation"`
	DisplayMode   string `json:"displayMode"`
	ValueMode     string `json:"valueMode"`
	NamePlacement string `json:"namePlacement"`
	ShowUnfilled  bool   `json:"showUnfilled"`
	Sizing        string `json:"sizing"`
	MinVizWidth   int    `json:"minVizWidth"`
	MinVizHeight  int    `json:"minVizHeight"`
	MaxVizHeight  int    `json:"maxVizHeight"`
	Legend        legend `json:"legend"`
}

// BarGauge shows values as bars, one below the other.
func BarGauge(title, unit, description string, targets ...Target) Panel {
	p := panel("bargauge", title, unit, description, targets)
	p.Options = barGaugeOptions{
		Reduce: last(), Orientation: "horizontal", DisplayMode: "basic", ValueMode: "color", NamePlacement: "auto",
		ShowUnfilled: true, Sizing: "auto", MinVizWidth: 8, MinVizHeight: 16, MaxVizHeight: 300,
		Legend: legend{DisplayMode: "list", Placement: "bottom", Calcs: []string{}},
	}
	return p
}

type pieOptions struct {
	Reduce        reduce   `json:"reduceOptions"`
	Orientation   string   `json:"orientation"`
	PieType       string   `json:"pieType"`
	DisplayLabels []string `json:"displayLabels"`
	Sort          string   `json:"sort"`
	Legend        legend   `json:"legend"`
	Tooltip       tooltip  `json:"tooltip"`
}

// Pie shows the shares of a whole.
func Pie(title, unit, description string, target Target) Panel {
	p := panel("piechart", title, unit, description, []Target{target})
	p.Options = pieOptions{
		Reduce: last(), Orientation: "auto", PieType: "donut", DisplayLabels: []string{"percent"}, Sort: "desc",
		Legend:  legend{ShowLegend: true, DisplayMode: "table", Placement: "right", Calcs: []string{}, Values: []string{"value"}},
		Tooltip: tooltip{"single", "none"},
	}
	return p
}
