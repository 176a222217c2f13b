package metric

// Kind is the shape of a metric's points.
type Kind uint8

// The shapes.
const (
	// Count points are whole numbers that only grow.
	Count Kind = iota
	// Amount points are sums of fractional values that only grow.
	Amount
	// Distribution points are histograms.
	Distribution
	// Level points are gauges: numbers that come and go.
	Level
)

// Metric describes one metric. It is never changed. Safe for concurrent use.
type Metric struct {
	// Name in OTLP, such as workflow.runs.
	Name string
	// Description in one sentence or two, without the name.
	Description string
	// Unit as in UCUM, such as s and {run}; "" keeps Prometheus from a suffix.
	Unit string
	// Kind of its points.
	Kind Kind
	// Attributes of its series beside those that all series of its table bear.
	Attributes []string
}
