package percentileprocessor

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/tta-dev/otelcol-workflow/internal/form"
)

// Config of the percentile processor. Each field's own type checks its range; Validate
// checks only what relates two fields.
type Config struct {
	// FlushInterval is how often quantiles are sent on. Default: 15s.
	FlushInterval Duration `mapstructure:"flush_interval"`
	// MaxSeries bounds the streams that are remembered, and the series that have windows.
	// Past it new series are folded into one a metric that carries
	// otel.metric.overflow=true. Default: 5000.
	MaxSeries form.Positive `mapstructure:"max_series"`
	// SeriesExpiration is how long a stream is remembered without a data point.
	// Default: 1h.
	SeriesExpiration Duration `mapstructure:"series_expiration"`
	// Rules say which histograms get quantiles. Each that matches a metric counts.
	// Default: one, for workflow.*.
	Rules []RuleConfig `mapstructure:"rules"`
	_     struct{}
}

// RuleConfig says which histograms get quantiles, and which.
type RuleConfig struct {
	// Metric is the name of the metric; * stands for any characters and ? for one.
	Metric string `mapstructure:"metric"`
	// Name of the gauge. Default: that of the metric and .quantile.
	Name string `mapstructure:"name"`
	// GroupBy lists the attributes, of the data point and of its resource, that tell
	// series apart; what they do not is merged. Default: all but Without.
	GroupBy []string `mapstructure:"group_by"`
	// Without lists attributes that do not tell series apart. Default: workflow.outcome
	// and error.type.
	Without []string `mapstructure:"without"`
	// Quantiles that are told. Default: 0.5, 0.9, 0.95, 0.99.
	Quantiles []Quantile `mapstructure:"quantiles"`
	// Windows are the lengths of time over which they are. Default: 5m.
	Windows []Duration `mapstructure:"windows"`
	// MinCount is the least number of values in a window for which quantiles are told.
	// Default: 1.
	MinCount form.Positive `mapstructure:"min_count"`
	// Error adds a gauge that tells how far each quantile may be off. Default: false.
	Error bool `mapstructure:"error"`
	// KeepOriginal says whether the histogram is passed on: true, false, or with at most
	// max_size buckets. Default: true.
	KeepOriginal KeepOriginal `mapstructure:"keep_original"`
	_            struct{}
}

// defaultRule is what a rule is where it does not say otherwise.
func defaultRule() RuleConfig {
	return RuleConfig{
		Without:   []string{"workflow.outcome", "error.type"},
		Quantiles: []Quantile{0.5, 0.9, 0.95, 0.99},
		Windows:   []Duration{Duration(5 * time.Minute)},
		MinCount:  1,
	}
}

// Unmarshal reads the configuration. It says of each value of a wrong type what is wanted.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := form.Check(conf.ToStringMap(), reflect.TypeFor[Config]()); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Unmarshal reads a rule over its defaults.
func (r *RuleConfig) Unmarshal(conf *confmap.Conf) error {
	*r = defaultRule()
	if conf.IsSet("group_by") {
		if conf.IsSet("without") {
			return errors.New("group_by and without cannot both be set: remove one")
		}
		r.Without = nil
	}
	if keep, ok := conf.Get(keepOriginalKey).(bool); ok {
		conf.Delete(keepOriginalKey) // what is left of it can be decoded into a struct
		r.KeepOriginal = KeepOriginal{dropped: !keep}
	}
	return conf.Unmarshal(r)
}

const keepOriginalKey = "keep_original"

// Validate refuses a rule that matches nothing or tells nothing.
func (r *RuleConfig) Validate() error {
	switch {
	case r.Metric == "":
		return errors.New("metric must not be empty: give the name of a histogram such as workflow.run.duration")
	case r.Name != "" && strings.ContainsAny(r.Metric, "*?"):
		return fmt.Errorf("name %q would be that of several metrics (metric is %q): give each metric a rule", r.Name, r.Metric)
	case len(r.Quantiles) == 0:
		return errors.New("quantiles must not be empty: give those to tell, such as [0.5, 0.99]")
	case len(r.Windows) == 0:
		return errors.New("windows must not be empty: give lengths of time such as [5m]")
	}
	if err := distinct("quantiles", r.Quantiles); err != nil {
		return err
	}
	return distinct("windows", r.Windows)
}

func distinct[T comparable](key string, values []T) error {
	seen := make(map[T]bool, len(values))
	for _, v := range values {
		if seen[v] {
			return fmt.Errorf("%s must differ (got %v twice)", key, v)
		}
		seen[v] = true
	}
	return nil
}

// minFlush keeps a mistaken unit from keeping a processor busy.
const minFlush = Duration(100 * time.Millisecond)

// Validate checks what relates two fields.
func (c *Config) Validate() error {
	if c.FlushInterval < minFlush {
		return fmt.Errorf("flush_interval must be at least %s (got %s)", minFlush, c.FlushInterval)
	}
	if len(c.Rules) == 0 {
		return errors.New("rules must not be empty: leave the key out for the default rule")
	}
	type output struct{ metric, name string }
	seen := make(map[output]bool, len(c.Rules))
	for i, r := range c.Rules {
		if o := (output{r.Metric, r.Name}); seen[o] {
			return fmt.Errorf("rules::%d: metric %q has a rule of the same output already: give one of them a name", i, r.Metric)
		} else {
			seen[o] = true
		}
		if err := c.fits(i, r.Windows); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses windows that are over before they are told.
func (c *Config) fits(rule int, windows []Duration) error {
	for i, w := range windows {
		if w < c.FlushInterval {
			return fmt.Errorf("rules::%d::windows::%d (%s) must not be shorter than flush_interval (%s)", rule, i, w, c.FlushInterval)
		}
	}
	return nil
}
