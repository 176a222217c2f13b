package percentileprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// read returns the configuration that a text comes to.
func read(text string) (*Config, error) {
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
	if err != nil {
		return nil, err
	}
	conf, err := retrieved.AsConf()
	if err != nil {
		return nil, err
	}
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfigDefaults(t *testing.T) {
	cfg, err := read("")
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), cfg)
	require.Len(t, cfg.Rules, 1)
	assert.Equal(t, "workflow.*", cfg.Rules[0].Metric)
}

func TestConfigOfARule(t *testing.T) {
	want := defaultRule()
	want.Metric = "http.server.request.duration"
	for text, change := range map[string]func(*RuleConfig){
		"":                               func(*RuleConfig) {},
		"quantiles: [0.999]":             func(r *RuleConfig) { r.Quantiles = []Quantile{0.999} },
		"quantiles: [0, 1]":              func(r *RuleConfig) { r.Quantiles = []Quantile{0, 1} },
		"windows: [1m, 1h30m]":           func(r *RuleConfig) { r.Windows = []Duration{Duration(time.Minute), Duration(90 * time.Minute)} },
		"without: []":                    func(r *RuleConfig) { r.Without = []string{} },
		"without: [a]":                   func(r *RuleConfig) { r.Without = []string{"a"} },
		"group_by: [a]":                  func(r *RuleConfig) { r.GroupBy, r.Without = []string{"a"}, nil },
		"group_by: []":                   func(r *RuleConfig) { r.GroupBy, r.Without = []string{}, nil },
		"min_count: 20":                  func(r *RuleConfig) { r.MinCount = 20 },
		"name: p":                        func(r *RuleConfig) { r.Name = "p" },
		"error: true":                    func(r *RuleConfig) { r.Error = true },
		"keep_original: true":            func(*RuleConfig) {},
		"keep_original: false":           func(r *RuleConfig) { r.KeepOriginal.dropped = true },
		"keep_original: {max_size: 160}": func(r *RuleConfig) { r.KeepOriginal.MaxSize = 160 },
		"name: p, keep_original: false":  func(r *RuleConfig) { r.Name, r.KeepOriginal.dropped = "p", true },
		"min_count: 2, windows: [10m]":   func(r *RuleConfig) { r.MinCount, r.Windows = 2, []Duration{Duration(10 * time.Minute)} },
	} {
		t.Run(text, func(t *testing.T) {
			cfg, err := read("rules: [{metric: http.server.request.duration, " + text + "}]")
			require.NoError(t, err)
			expected := want
			change(&expected)
			assert.Equal(t, []RuleConfig{expected}, cfg.Rules)
		})
	}
}

func TestConfigIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"flush_intervall: 1s":                                "flush_intervall: no such key, there are flush_interval, max_series, series_expiration, rules",
		"flush_interval: 5":                                  "flush_interval: must be a duration with its unit such as 5m (got 5)",
		"flush_interval: 5x":                                 `must be a duration such as 5m (got "5x")`,
		"flush_interval: 1ms":                                "flush_interval must be at least 100ms (got 1ms)",
		"series_expiration: -1h":                             "series_expiration: must be a positive duration such as 5m (got -1h)",
		"max_series: 0":                                      "max_series: must be at least 1 (got 0)",
		"max_series: many":                                   "max_series: must be a whole number such as 1000 (got many)",
		"rules: []":                                          "rules must not be empty: leave the key out for the default rule",
		"rules: [{}]":                                        "rules::0: metric must not be empty: give the name of a histogram such as workflow.run.duration",
		"rules: [{metric: a, window: [5m]}]":                 "rules::0::window: no such key, there are metric, name, group_by, without, quantiles, windows, min_count, error, keep_original",
		"rules: [{metric: a, quantiles: [99]}]":              "rules::0::quantiles::0: must be from 0 to 1 (got 99); the 99th percentile is 0.99",
		"rules: [{metric: a, quantiles: [p99]}]":             "rules::0::quantiles::0: must be a number from 0 to 1 such as 0.99 (got p99)",
		"rules: [{metric: a, quantiles: []}]":                "rules::0: quantiles must not be empty: give those to tell, such as [0.5, 0.99]",
		"rules: [{metric: a, quantiles: [0.5, 0.5]}]":        "rules::0: quantiles must differ (got 0.5 twice)",
		"rules: [{metric: a, windows: []}]":                  "rules::0: windows must not be empty: give lengths of time such as [5m]",
		"rules: [{metric: a, windows: [60m, 1h]}]":           "rules::0: windows must differ (got 1h twice)",
		"rules: [{metric: a, windows: [5s]}]":                "rules::0::windows::0 (5s) must not be shorter than flush_interval (15s)",
		"rules: [{metric: a, group_by: [x], without: [y]}]":  "group_by and without cannot both be set: remove one",
		"rules: [{metric: a, min_count: 0}]":                 "rules::0::min_count: must be at least 1 (got 0)",
		"rules: [{metric: a, keep_original: 160}]":           "rules::0::keep_original: must be true, false or {max_size: 160} (got 160)",
		"rules: [{metric: a, keep_original: {size: 160}}]":   "rules::0::keep_original: must be true, false or {max_size: 160} (got map[size:160])",
		"rules: [{metric: a, keep_original: {max_size: 1}}]": "rules::0::keep_original: max_size must be between 2 and 4096 (got 1)",
		"rules: [{metric: 'a.*', name: p}]":                  `rules::0: name "p" would be that of several metrics (metric is "a.*"): give each metric a rule`,
		"rules: [{metric: a}, {metric: a, group_by: []}]":    `rules::1: metric "a" has a rule of the same output already: give one of them a name`,
		"rules: [{metric: a, error: maybe}]":                 "rules::0::error: must be true or false (got maybe)",
		"rules: {metric: a}":                                 "rules: must be a list (got map[metric:a])",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := read(text)
			require.ErrorContains(t, err, want)
		})
	}
}

func TestSettingsAreShownAsTheyAreWritten(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"5m": 5 * time.Minute, "1h": time.Hour, "1h30m": 90 * time.Minute,
		"1m30s": 90 * time.Second, "250ms": 250 * time.Millisecond, "168h": 7 * 24 * time.Hour,
	} {
		assert.Equal(t, want, Duration(d).String())
	}
	assert.Equal(t, "0.999", Quantile(0.999).String())
	assert.Equal(t, "1", Quantile(1).String())
	assert.Equal(t, "true", KeepOriginal{}.String())
	assert.Equal(t, "false", KeepOriginal{dropped: true}.String())
	assert.Equal(t, "{max_size: 160}", KeepOriginal{MaxSize: 160}.String())
}
