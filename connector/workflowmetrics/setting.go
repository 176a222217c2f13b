package workflowmetrics

import (
	"fmt"
	"math"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/form"
)

// Duration is a positive length of time.
type Duration time.Duration

// Takes tells whether a value is a string.
func (Duration) Takes(raw any) bool { return form.IsText(raw) }

// Wanted says what a duration looks like.
func (Duration) Wanted() string { return "a duration with its unit such as 15s" }

// Validate refuses durations that are not positive.
func (d Duration) Validate() error {
	if d <= 0 {
		return fmt.Errorf("must be a positive duration such as 15s (got %s)", time.Duration(d))
	}
	return nil
}

// UnmarshalText reads a Go duration such as 1m30s.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("must be a duration such as 15s (got %q)", text)
	}
	*d = Duration(v)
	return nil
}

// BucketCount is the largest number of buckets of a histogram, 2 to 4096.
type BucketCount int

// Takes tells whether a value is a whole number.
func (BucketCount) Takes(raw any) bool { return form.IsWhole(raw) }

// Wanted says what such a number looks like.
func (BucketCount) Wanted() string { return "a whole number such as 160" }

// Validate refuses numbers outside 2 to 4096.
func (b BucketCount) Validate() error {
	if b < 2 || b > 4096 {
		return fmt.Errorf("must be between 2 and 4096 (got %d)", int(b))
	}
	return nil
}

// Temporality is cumulative or delta.
type Temporality string

// The temporalities.
const (
	TemporalityCumulative Temporality = "cumulative"
	TemporalityDelta      Temporality = "delta"
)

// Validate refuses other words.
func (t Temporality) Validate() error {
	return form.OneOf(t, TemporalityCumulative, TemporalityDelta)
}

// Roots says when the root of a trace is a run although nothing in the trace says
// that it is a workflow or an agent: none, workflow or any.
type Roots string

// The choices of Roots.
const (
	RootsNone     Roots = "none"     // never
	RootsWorkflow Roots = "workflow" // if the trace holds a call of a model, a tool or a step
	RootsAny      Roots = "any"      // always: plain web traffic counts as runs
)

// Validate refuses other words.
func (r Roots) Validate() error {
	return form.OneOf(r, RootsNone, RootsWorkflow, RootsAny)
}

// HistogramKind is exponential, explicit or both.
type HistogramKind string

// The kinds of histogram.
const (
	HistogramExponential HistogramKind = "exponential"
	HistogramExplicit    HistogramKind = "explicit"
	HistogramBoth        HistogramKind = "both"
)

// Validate refuses other words.
func (k HistogramKind) Validate() error {
	return form.OneOf(k, HistogramExponential, HistogramExplicit, HistogramBoth)
}

// String returns the duration as it is written in a configuration.
func (d Duration) String() string { return time.Duration(d).String() }

// Dollars is an amount of US dollars above 0.
type Dollars float64

// Takes tells whether a value is a number.
func (Dollars) Takes(raw any) bool { return form.IsNumber(raw) }

// Wanted says what an amount looks like.
func (Dollars) Wanted() string { return "a number such as 0.5" }

// Validate refuses other numbers.
func (d Dollars) Validate() error {
	if !(d > 0) || math.IsInf(float64(d), 0) {
		return fmt.Errorf("must be an amount of US dollars above 0 (got %v)", float64(d))
	}
	return nil
}

// Attribute is the name of an attribute that our metrics bear.
type Attribute string

// Takes tells whether a value is a string.
func (Attribute) Takes(raw any) bool { return form.IsText(raw) }

// Wanted says what an attribute looks like.
func (Attribute) Wanted() string { return "the name of an attribute such as gen_ai.tool.name" }

// Validate refuses names that no metric bears, which are most likely misspelt.
func (a Attribute) Validate() error {
	if !borne(string(a)) {
		return fmt.Errorf("must be an attribute of a metric such as gen_ai.tool.name (got %q)", string(a))
	}
	return nil
}
