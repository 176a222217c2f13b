package workflowmetrics

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/tta-dev/otelcol-workflow/internal/form"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
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
	// Histogram says what buckets histograms have.
	Histogram HistogramConfig `mapstructure:"histogram"`
	// Dimensions are attributes of the span, else of its resource, that every
	// series carries.
	Dimensions []DimensionConfig `mapstructure:"dimensions"`
	// ExcludeDimensions are attributes that no series bears: their series are added up.
	// Any but workflow.name. Default: none.
	ExcludeDimensions []Attribute `mapstructure:"exclude_dimensions"`
	// Exemplars says whether histograms name spans that their values come from.
	Exemplars ExemplarsConfig `mapstructure:"exemplars"`
	// MaxSeries bounds the series of each metric. Past it new series are folded
	// into one a workflow that carries otel.metric.overflow=true. Default: 1000.
	MaxSeries form.Positive `mapstructure:"max_series"`
	// SeriesExpiration is how long a series lives without news. Default: 1h.
	SeriesExpiration Duration `mapstructure:"series_expiration"`
	// Runs says how open runs are followed.
	Runs RunsConfig `mapstructure:"runs"`
	_    struct{}
}

// HistogramConfig says what buckets histograms have.
type HistogramConfig struct {
	// Kind of the buckets: exponential, explicit or both. With both, the histograms with
	// explicit buckets are metrics of their own whose names end with .explicit.
	// Default: exponential.
	Kind HistogramKind `mapstructure:"kind"`
	// MaxBuckets is the largest number of buckets of an exponential histogram.
	// Default: 1280.
	MaxBuckets BucketCount `mapstructure:"max_buckets"`
	// Bounds are the upper bounds of explicit buckets for durations.
	// Default: 5ms to 5m in 16 steps.
	Bounds []Duration `mapstructure:"bounds"`
	// CostBounds are the upper bounds of explicit buckets for costs, in US dollars.
	// Default: 0.0001 to 10 in 16 steps.
	CostBounds []Dollars `mapstructure:"cost_bounds"`
	_          struct{}
}

// ExemplarsConfig says whether histograms name spans that their values come from.
type ExemplarsConfig struct {
	// Enabled turns them on: worth it where the exporter sends them on. Default: false.
	Enabled bool `mapstructure:"enabled"`
	// PerSeries is how many a series keeps between two flushes, a uniform sample.
	// Default: 5.
	PerSeries form.Positive `mapstructure:"per_series"`
	_         struct{}
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
	MaxOpen form.Positive `mapstructure:"max_open"`
	_       struct{}
}

// Validate refuses a dimension without a name and those that would collide with an
// attribute of ours or with a label that Prometheus owns.
func (d *DimensionConfig) Validate() error {
	if d.Name == "" {
		return errors.New("name must not be empty: give the attribute to add to every series")
	}
	if otlp.Label(d.Name) == "" {
		return fmt.Errorf("name %q has no character that a label may have: choose another attribute", d.Name)
	}
	if reserved(d.Name) {
		return fmt.Errorf("name %q is taken by a label of every series: choose another attribute", d.Name)
	}
	return nil
}

// Validate refuses bounds that do not increase.
func (h *HistogramConfig) Validate() error {
	if h.Kind == HistogramExponential {
		return nil
	}
	if err := increasing("bounds", h.Bounds); err != nil {
		return err
	}
	return increasing("cost_bounds", h.CostBounds)
}

func increasing[T cmp.Ordered](key string, bounds []T) error {
	if len(bounds) == 0 {
		return fmt.Errorf("%s must not be empty: give the upper bounds of the buckets", key)
	}
	for i := 1; i < len(bounds); i++ {
		if bounds[i] <= bounds[i-1] {
			return fmt.Errorf("%s must increase (got %v after %v)", key, bounds[i], bounds[i-1])
		}
	}
	return nil
}

// Unmarshal reads the configuration. It says of each value of a wrong type what is wanted,
// and of bounds that would be ignored that they are.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := form.Check(conf.ToStringMap(), reflect.TypeFor[Config]()); err != nil {
		return err
	}
	if err := conf.Unmarshal(c); err != nil {
		return err
	}
	for _, key := range []string{"histogram::bounds", "histogram::cost_bounds"} {
		if conf.IsSet(key) && c.Histogram.Kind == HistogramExponential {
			return fmt.Errorf("%s has no effect with exponential buckets: set histogram::kind to explicit or both", key)
		}
	}
	return nil
}

// minFlush keeps a mistaken unit from keeping a processor busy.
const minFlush = Duration(100 * time.Millisecond)

// Validate checks what relates two fields.
func (c *Config) Validate() error {
	seen := make(map[string]bool, len(c.Dimensions))
	for _, d := range c.Dimensions {
		if seen[otlp.Label(d.Name)] {
			return fmt.Errorf("dimensions: %q gives the same label twice: remove one", d.Name)
		}
		seen[otlp.Label(d.Name)] = true
	}
	if slices.Contains(c.ExcludeDimensions, Attribute(tally.WorkflowAttribute)) {
		return errors.New("exclude_dimensions: workflow.name must stay: remove it")
	}
	if c.FlushInterval < minFlush {
		return fmt.Errorf("flush_interval must be at least %s (got %s)", minFlush, c.FlushInterval)
	}
	if c.SeriesExpiration < 2*c.FlushInterval {
		return fmt.Errorf("series_expiration (%s) must be at least twice flush_interval (%s): a series shows 0 before its value",
			c.SeriesExpiration, c.FlushInterval)
	}
	if c.Runs.Idle <= c.Runs.Wait {
		return fmt.Errorf("runs::idle (%s) must be longer than runs::wait (%s)",
			time.Duration(c.Runs.Idle), time.Duration(c.Runs.Wait))
	}
	return nil
}
