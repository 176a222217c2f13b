package workflowmetrics

import (
	"errors"
	"fmt"
	"time"
)

// Config of the workflow_metrics connector. Each field's own type checks its
// range; Validate checks only what relates two fields.
type Config struct {
	// FlushInterval is how often metrics are sent on. A new series shows 0 for one
	// interval before its value. Default: 15s.
	FlushInterval Duration `mapstructure:"flush_interval"`
	// Temporality of the counters and histograms: cumulative or delta.
	// Default: cumulative.
	Temporality Temporality `mapstructure:"temporality"`
	// MaxBuckets is the largest number of buckets of an exponential histogram.
	// Default: 160.
	MaxBuckets BucketCount `mapstructure:"max_buckets"`
	// Dimensions are attributes of the span, else of its resource, that every
	// series carries.
	Dimensions []DimensionConfig `mapstructure:"dimensions"`
	// MaxSeries bounds the series of each metric. Past it new series are folded
	// into one a workflow that carries otel.metric.overflow=true. Default: 1000.
	MaxSeries Positive `mapstructure:"max_series"`
	// SeriesExpiration is how long a series lives without news. Default: 1h.
	SeriesExpiration Duration `mapstructure:"series_expiration"`
	// Runs says how open runs are followed.
	Runs RunsConfig `mapstructure:"runs"`
	_    struct{}
}

// DimensionConfig is one attribute that every series carries.
type DimensionConfig struct {
	// Name of the attribute.
	Name string `mapstructure:"name"`
	// Default is the value where neither span nor resource has the attribute.
	// Default: none, the attribute is left out.
	Default string `mapstructure:"default"`
	_       struct{}
}

// RunsConfig says how open runs are followed.
type RunsConfig struct {
	// Roots says which traces without a span that is a run on its own are runs
	// under the name of their root. Default: workflow.
	Roots Roots `mapstructure:"roots"`
	// Wait is how long after the end of a run late spans of its trace are waited
	// for before its cost is settled. Default: 10s.
	Wait Duration `mapstructure:"wait"`
	// Idle is how long a run without news counts as in flight. Default: 90s, three
	// times the interval at which the SDK announces a long run.
	Idle Duration `mapstructure:"idle"`
	// MaxOpen bounds the traces that are remembered at once. Default: 100000.
	MaxOpen Positive `mapstructure:"max_open"`
	_       struct{}
}

// Duration is a positive length of time.
type Duration time.Duration

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

// Positive is a whole number of at least 1.
type Positive int

// Validate refuses numbers below 1.
func (p Positive) Validate() error {
	if p < 1 {
		return fmt.Errorf("must be at least 1 (got %d)", int(p))
	}
	return nil
}

// BucketCount is the largest number of buckets of a histogram, 2 to 4096.
type BucketCount int

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
	if t != TemporalityCumulative && t != TemporalityDelta {
		return fmt.Errorf("must be cumulative or delta (got %q)", string(t))
	}
	return nil
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
	if r != RootsNone && r != RootsWorkflow && r != RootsAny {
		return fmt.Errorf("must be none, workflow or any (got %q)", string(r))
	}
	return nil
}

// Validate refuses a dimension without a name and those that would collide with an
// attribute of ours or with a label that Prometheus owns.
func (d *DimensionConfig) Validate() error {
	if d.Name == "" {
		return errors.New("name must not be empty: give the attribute to add to every series")
	}
	if reserved(d.Name) {
		return fmt.Errorf("name %q is taken by a label of every series: choose another attribute", d.Name)
	}
	return nil
}

// Validate checks what relates two fields.
func (c *Config) Validate() error {
	seen := make(map[string]bool, len(c.Dimensions))
	for _, d := range c.Dimensions {
		if seen[label(d.Name)] {
			return fmt.Errorf("dimensions: %q gives the same label twice: remove one", d.Name)
		}
		seen[label(d.Name)] = true
	}
	if c.Runs.Idle <= c.Runs.Wait {
		return fmt.Errorf("runs::idle (%s) must be longer than runs::wait (%s)",
			time.Duration(c.Runs.Idle), time.Duration(c.Runs.Wait))
	}
	return nil
}
