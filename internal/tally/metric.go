package tally

import "github.com/tta-dev/otelcol-workflow/internal/metric"

// ID names one of the metrics this package keeps.
type ID uint8

// The counters and histograms, in the order in which they are sent on.
const (
	Runs ID = iota
	RunDuration
	RunCost
	Steps
	StepDuration
	Recoveries
	CacheRequests
	Calls
	CallDuration
	Tokens
	CallsUnpriced
	Cost
	Savings
	ExtraCost
	numMetrics
)

// Metrics lists every metric that this package keeps, indexed by its ID.
//
//nolint:gochecknoglobals // a table, never written to.
var Metrics = [numMetrics]*metric.Metric{
	Runs:          &metric.Runs,
	RunDuration:   &metric.RunDuration,
	RunCost:       &metric.RunCost,
	Steps:         &metric.Steps,
	StepDuration:  &metric.StepDuration,
	Recoveries:    &metric.Recoveries,
	CacheRequests: &metric.CacheRequests,
	Calls:         &metric.Calls,
	CallDuration:  &metric.CallDuration,
	Tokens:        &metric.Tokens,
	CallsUnpriced: &metric.CallsUnpriced,
	Cost:          &metric.Cost,
	Savings:       &metric.Savings,
	ExtraCost:     &metric.ExtraCost,
}
