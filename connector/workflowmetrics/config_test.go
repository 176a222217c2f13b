package workflowmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestConfigErrorsNameTheKeyShowTheValueAndSayTheFix(t *testing.T) {
	for want, yaml := range map[string]map[string]any{
		"": {},
		"flush_interval: must be a positive dura":                                {"flush_interval": "-1s"},
		`must be a duration such as 15s (got "soon")`:                            {"flush_interval": "soon"},
		`temporality: must be cumulative or delta (got "both")`:                  {"temporality": "both"},
		"histogram::max_buckets: must be between 2 and 4096 (got 1)":             {"histogram": map[string]any{"max_buckets": 1}},
		`histogram::kind: must be exponential, explicit or both (got "classic")`: {"histogram": map[string]any{"kind": "classic"}},
		"histogram: bounds must increase (got 1s after 2s)": {
			"histogram": map[string]any{"kind": "explicit", "bounds": []any{"2s", "1s"}},
		},
		"histogram: bounds must not be empty":                      {"histogram": map[string]any{"kind": "both", "bounds": []any{}}},
		"histogram: cost_bounds must increase (got 0.1 after 0.1)": {"histogram": map[string]any{"kind": "both", "cost_bounds": []any{0.1, 0.1}}},
		"histogram::cost_bounds::0: must be an amount of US dollars above 0 (got -1)": {
			"histogram": map[string]any{"kind": "both", "cost_bounds": []any{-1}},
		},
		"exemplars::per_series: must be at least 1 (got 0)":                                          {"exemplars": map[string]any{"per_series": 0}},
		`exclude_dimensions::0: must be an attribute of a metric such as gen_ai.tool.name (got "x")`: {"exclude_dimensions": []any{"x"}},
		"exclude_dimensions: workflow.name must stay":                                                {"exclude_dimensions": []any{"workflow.name"}},
		"max_series: must be at least 1 (got 0)":                                                     {"max_series": 0},
		"runs::max_open: must be at least 1 (got 0)":                                                 {"runs": map[string]any{"max_open": 0}},
		`runs::roots: must be none, workflow or any (got "all")`:                                     {"runs": map[string]any{"roots": "all"}},
		"runs::idle (10s) must be longer than runs::wait (10s)":                                      {"runs": map[string]any{"idle": "10s"}},
		"dimensions::0: name must not be empty":                                                      {"dimensions": []any{map[string]any{"name": ""}}},
		`dimensions::0: name "job" is taken`:                                                         {"dimensions": []any{map[string]any{"name": "job"}}},
		`dimensions::0: name "workflow.step.name" is taken`:                                          {"dimensions": []any{map[string]any{"name": "workflow.step.name"}}},
		`dimensions: "a_b" gives the same label twice`:                                               {"dimensions": []any{map[string]any{"name": "a.b"}, map[string]any{"name": "a_b"}}},
		"flush_interval: must be a duration with its unit such as 15s (got 15)":                      {"flush_interval": 15},
		"histogram::bounds::0: must be a duration with its unit such as 15s (got 0.1)":               {"histogram": map[string]any{"bounds": []any{0.1}}},
		"flush_interval must be at least 100ms (got 1ns)":                                            {"flush_interval": "1ns"},
		"series_expiration (10s) must be at least twice flush_interval (15s)":                        {"series_expiration": "10s"},
		"max_series: must be a whole number such as 1000 (got lots)":                                 {"max_series": "lots"},
		"exemplars::per_series: must be a whole number such as 1000 (got 1.5)":                       {"exemplars": map[string]any{"per_series": 1.5}},
		"exemplars::enabled: must be true or false (got maybe)":                                      {"exemplars": map[string]any{"enabled": "maybe"}},
		"exemplars: must be a section with enabled, per_series (got true)":                           {"exemplars": true},
		"dimensions::0: must be a section with name, default (got tenant)":                           {"dimensions": []any{"tenant"}},
		"dimensions: must be a list (got tenant)":                                                    {"dimensions": "tenant"},
		"histogram::cost_bounds::0: must be a number such as 0.5 (got cheap)":                        {"histogram": map[string]any{"cost_bounds": []any{"cheap"}}},
		"histogram::bounds has no effect with exponential buckets":                                   {"histogram": map[string]any{"bounds": []any{"1s"}}},
		"runs::idl: no such key, there are roots, wait, idle, max_open":                              {"runs": map[string]any{"idl": "1m"}},
		"max_serie: no such key, there are flush_interval, temporality, histogram":                   {"max_serie": 5},
	} {
		t.Run(want, func(t *testing.T) {
			cfg := createDefaultConfig()
			err := confmap.NewFromStringMap(yaml).Unmarshal(&cfg)
			if err == nil {
				err = confmap.Validate(cfg)
			}
			if want == "" {
				require.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, want)
		})
	}
}
