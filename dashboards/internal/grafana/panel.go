package grafana

// Panel is a picture on a board. Make one with [TimeSeries], [Stat], [Gauge], [BarGauge],
// [Pie], [Heatmap], [Timeline] or [Table] and refine it with its methods, each of which
// returns a changed copy.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description"`
	GridPos         gridPos          `json:"gridPos"`
	Source          Source           `json:"datasource"`
	Targets         []Target         `json:"targets"`
	FieldConfig     fieldConfig      `json:"fieldConfig"`
	Options         any              `json:"options"`
	Transformations []transformation `json:"transformations,omitempty"`
}

// Target is a query of a panel. Make one with [Query].
type Target struct {
	RefID        string `json:"refId"`
	Source       Source `json:"datasource"`
	Expr         string `json:"expr"`
	LegendFormat string `json:"legendFormat,omitempty"`
	Format       string `json:"format"`
	EditorMode   string `json:"editorMode"`
	Instant      bool   `json:"instant"`
	Range        bool   `json:"range"`
	Exemplar     bool   `json:"exemplar"`
}

type fieldConfig struct {
	Defaults  field      `json:"defaults"`
	Overrides []override `json:"overrides"`
}

type field struct {
	Unit       string     `json:"unit"`
	Decimals   *int       `json:"decimals,omitempty"`
	Min        *float64   `json:"min,omitempty"`
	Max        *float64   `json:"max,omitempty"`
	Color      color      `json:"color"`
	Thresholds thresholds `json:"thresholds"`
	Mappings   []mapping  `json:"mappings"`
	Links      []DataLink `json:"links,omitempty"`
	Custom     any        `json:"custom,omitempty"`
}

type color struct {
	Mode       string `json:"mode"`
	FixedColor string `json:"fixedColor,omitempty"`
}

type override struct {
	Matcher    matcher    `json:"matcher"`
	Properties []property `json:"properties"`
}

type matcher struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// mapping shows words in place of values.
type mapping struct {
	Type    string          `json:"type"`
	Options map[string]word `json:"options"`
}

type word struct {
	Text  string `json:"text"`
	Color string `json:"color"`
	Index int    `json:"index"`
}

type transformation struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

type thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is a color from a value on.
type Step struct {
	// From is where the color begins, nil for the lowest.
	From *float64 `json:"value"`
	// Color is a name that Grafana knows, such as "red".
	Color string `json:"color"`
}

// DataLink leads from a value of a panel to another page.
type DataLink struct {
	Title       string `json:"title"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank"`
}

// Steps returns the colors of a scale: the lowest, and then from each value on another.
// Of Steps("red", At(0, "orange"), At(1, "green")), -1 is red and 1 green.
func Steps(lowest string, more ...Step) []Step {
	return append([]Step{{nil, lowest}}, more...)
}

// At returns a step that begins at the value.
func At(from float64, color string) Step { return Step{&from, color} }

// Query asks Prometheus for the series of the expression over the time of the board. The
// legend names a series, with {{label}} for the value of a label.
func Query(expr, legend string) Target {
	return Target{Source: prometheus, Expr: expr, LegendFormat: legend, Format: "time_series", EditorMode: "code", Range: true}
}

// Latest asks for the values at the end of the time of the board.
func Latest(expr, legend string) Target {
	t := Query(expr, legend)
	t.Instant, t.Range = true, false
	return t
}

// panel is what all kinds have in common. The ids of its queries are A, B and so on.
func panel(kind, title, unit, description string, targets []Target) Panel {
	for i := range targets {
		targets[i].RefID = string(rune('A' + i))
	}
	return Panel{
		Type: kind, Title: title, Description: description, Source: prometheus, Targets: targets,
		GridPos: gridPos{H: 8, W: 8},
		FieldConfig: fieldConfig{
			Defaults: field{
				Unit: unit, Color: color{Mode: "palette-classic"}, Mappings: []mapping{},
				Thresholds: thresholds{"absolute", Steps("green")},
			},
			Overrides: []override{},
		},
	}
}

// Size sets the width, of 24 columns, and the height, in lines of 30 pixels.
func (p Panel) Size(width, height int) Panel {
	p.GridPos.W, p.GridPos.H = width, height
	return p
}

// Decimals sets how many digits follow the point.
func (p Panel) Decimals(n int) Panel {
	p.FieldConfig.Defaults.Decimals = &n
	return p
}

// Within sets the ends of the axis or scale.
func (p Panel) Within(low, high float64) Panel {
	p.FieldConfig.Defaults.Min, p.FieldConfig.Defaults.Max = &low, &high
	return p
}

// From sets the lower end of the axis or scale.
func (p Panel) From(low float64) Panel {
	p.FieldConfig.Defaults.Min = &low
	return p
}

// Links adds links to the values.
func (p Panel) Links(links ...DataLink) Panel {
	p.FieldConfig.Defaults.Links = links
	return p
}

// Colored takes the colors from the values.
func (p Panel) Colored(steps []Step) Panel {
	p.FieldConfig.Defaults.Thresholds.Steps = steps
	p.FieldConfig.Defaults.Color = color{Mode: "thresholds"}
	return p
}

// override adds properties for what the matcher finds.
func (p Panel) override(by string, what any, properties ...property) Panel {
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides[:len(p.FieldConfig.Overrides):len(p.FieldConfig.Overrides)],
		override{matcher{by, what}, properties})
	return p
}
