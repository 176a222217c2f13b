package sloprocessor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// open is an OpenSLO file of which a case replaces parts.
const open = `apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout, labels: {team: [payments, web]}}
spec:
  service: shop
  indicator:
    metadata: {name: orders}
    spec:
      ratioMetric:
        good: {metricSource: {type: OpenTelemetry, spec: {metric: orders, filter: {ok: true}}}}
        total: {metricSource: {type: OpenTelemetry, spec: {metric: orders}}}
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: Good, op: gt, target: 0.995}]
  alertPolicies: []
`

const (
	ratio     = "ratioMetric:\n        good: {metricSource: {type: OpenTelemetry, spec: {metric: orders, filter: {ok: true}}}}\n        total: {metricSource: {type: OpenTelemetry, spec: {metric: orders}}}"
	objective = "[{displayName: Good, op: gt, target: 0.995}]"
)

// translated reads a file and returns its one SLO.
func translated(t *testing.T, text string) (SLOConfig, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("slo.yaml", []byte(text), 0o600))
	all, _, err := openSLO([]string{"*.yaml"})
	if err != nil {
		return SLOConfig{}, err
	}
	require.Len(t, all, 1)
	assert.Equal(t, `slo.yaml: SLO "checkout"`, all[0].where)
	return all[0].config, nil
}

func TestOpenSLOInOurTerms(t *testing.T) {
	prom := func(query string) string {
		return `{metricSource: {type: Prometheus, spec: {query: '` + query + `'}}}`
	}
	threshold := func(spec string) string {
		return "thresholdMetric: {metricSource: {type: OpenTelemetry, spec: " + spec + "}}"
	}
	for _, tc := range []struct {
		name, old, changed string
		want               func(c *SLOConfig)
	}{
		{"as it is", "", "", func(*SLOConfig) {}},
		{"bad in place of good", "good:", "bad:", func(c *SLOConfig) {
			c.SLI.Events.Bad, c.SLI.Events.Good = c.SLI.Events.Good, nil
		}},
		{"a calendar", "isRolling: true", "calendar: {startTime: 2026-01-01 12:00:00, timeZone: UTC}", func(c *SLOConfig) {
			c.Window = WindowConfig{Calendar: "4w", Start: "2026-01-01 12:00:00", Timezone: "UTC"}
		}},
		{"slices", "Occurrences\n  objectives: " + objective, "Timeslices\n  objectives: [{target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 1m}]", func(c *SLOConfig) {
			c.Objective, c.Budgeting = "0.9", BudgetingConfig{Timeslices: "1m", Target: "0.95"}
		}},
		{"slices of ratios", "Occurrences\n  objectives: " + objective, "RatioTimeslices\n  objectives: [{targetPercent: 90, timeSliceWindow: 1m}]", func(c *SLOConfig) {
			c.Objective, c.Budgeting = "90%", BudgetingConfig{RatioTimeslices: "1m"}
		}},
		{"objectives", objective, "[{displayName: Our Own!, target: 0.9}, {target: 0.8}]", func(c *SLOConfig) {
			c.Objective, c.Objectives = "", []ObjectiveConfig{{Name: "our-own", Target: "0.9"}, {Name: "objective-2", Target: "0.8"}}
		}},
		{"raw", ratio, "ratioMetric: {rawType: failure, raw: " + prom(`error_ratio{a!="b"}`) + "}", func(c *SLOConfig) {
			c.SLI = SLIConfig{Ratio: &RatioConfig{Metric: "error_ratio", Filter: Filter{"a": []any{"!b"}}, Invert: true}}
			c.PrometheusNames = true
		}},
		{
			"Prometheus", ratio, "ratioMetric:\n        good: " + prom(`sum(rate(http_requests_total{code=~"200|204",path!~"a|b"}[{{.window}}]))`) +
				"\n        total: " + prom(`(sum by (x) (increase(http_requests_total[5m])))`),
			func(c *SLOConfig) {
				c.SLI = SLIConfig{Events: &EventsConfig{
					Metric: "http_requests_total", Total: Filter{},
					Good: Filter{"code": []any{"200", "204"}, "path": []any{"!a", "!b"}},
				}}
				c.PrometheusNames = true
			},
		},
		{
			"durations", ratio + "\n  timeWindow: [{duration: 4w, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: " + objective,
			threshold("{metric: took, unit: s, filter: {a: [b, 5]}}") +
				"\n  timeWindow: [{duration: 4w, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: [{op: lte, value: 2.5, target: 0.995}]",
			func(c *SLOConfig) {
				c.SLI = SLIConfig{Latency: &LatencyConfig{Metric: "took", Threshold: "2.5s", Filter: Filter{"a": []any{"b", "5"}}}}
			},
		},
		{"one condition", "alertPolicies: []", `alertPolicies:
    - kind: AlertPolicy
      metadata: {name: p}
      spec: {conditions: [{metadata: {name: quick}, spec: {condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}}}]}`, func(c *SLOConfig) {
			c.Alerts.Burn = []BurnConfig{{Name: "quick", Severity: "page", Factor: "14.4", Long: "1h", For: "5m"}}
		}},
		{"our alerts", "labels: {team: [payments, web]}", "annotations: {slo.otel/alerts: google}, labels: {team: [payments, web]}", func(*SLOConfig) {}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Contains(t, open, tc.old)
			got, err := translated(t, strings.Replace(open, tc.old, tc.changed, 1))
			require.NoError(t, err)
			want := SLOConfig{
				Name: "checkout", Service: "shop", Labels: map[string]string{"team": "payments,web"}, Objective: "0.995",
				Window: WindowConfig{Rolling: "4w"},
				SLI:    SLIConfig{Events: &EventsConfig{Metric: "orders", Good: Filter{"ok": "true"}, Total: Filter{}}},
			}
			tc.want(&want)
			assert.Equal(t, want, got)
			_, err = got.compile("x", slo.Definition{})
			assert.NoError(t, err, "it is one that we take")
		})
	}
}

func TestOpenSLOComparesGauges(t *testing.T) {
	for op, want := range map[string]GoodConfig{
		"lte": {Max: "5"}, "gte": {Min: "5"}, "lt": {Max: "4.999999999999999"}, "gt": {Min: "5.000000000000001"},
	} {
		text := strings.Replace(open, ratio, "thresholdMetric: {metricSource: {type: OpenTelemetry, spec: {metric: queue}}}", 1)
		got, err := translated(t, strings.Replace(text, "op: gt", "value: 5, op: "+op, 1))
		require.NoError(t, err)
		assert.Equal(t, want, got.SLI.Gauge.Good, op)
	}
}

func TestOpenSLOThatWeDoNotTakeIsNamed(t *testing.T) {
	const at = `slo.yaml: SLO "checkout": `
	source := "type: OpenTelemetry, spec: {metric: orders, filter: {ok: true}}"
	threshold := func(spec, objectives string) string {
		return "thresholdMetric: {metricSource: {type: OpenTelemetry, spec: " + spec + "}}\n" +
			"  timeWindow: [{duration: 4w, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: " + objectives
	}
	rest := ratio + "\n  timeWindow: [{duration: 4w, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: " + objective
	query := func(q string) string { return "type: Prometheus, spec: {query: '" + q + "'}" }
	for _, tc := range []struct{ old, changed, want string }{
		{source, "type: Datadog, spec: {query: x}", at + `indicator: good: metricSource.type "Datadog" is not known; set OpenTelemetry`},
		{source, "type: OpenTelemetry, spec: {metrics: orders}", at + `indicator: good: metricSource.spec.metrics: no such key, there are metric, filter, unit`},
		{source, "type: OpenTelemetry, spec: {}", at + `indicator: good: metricSource.spec.metric is missing`},
		{source, "type: OpenTelemetry, spec: {metric: a, unit: By}", at + `indicator: good: metricSource.spec.unit: By is not s or ms, those of a histogram of durations`},
		{source, "type: OpenTelemetry, spec: {metric: a, filter: b}", at + `indicator: good: metricSource.spec.filter must be a section of attributes and values (got b)`},
		{source, "type: OpenTelemetry, spec: {metric: others}", at + `ratioMetric: good and total must be of one metric (got "others" and "orders")`},
		{source, query(`orders{ok="true"}`), at + `ratioMetric: good and total must be of one type of source`},
		{source, "type: Prometheus, spec: {}", at + `indicator: good: metricSource.spec.query is missing`},
		{source, query("sum("), at + `indicator: good: query "sum(": `},
		{source, query("sum(a) / sum(b)"), at + `indicator: good: query is not a plain selector; set metricSource.type: OpenTelemetry`},
		{source, query("max(a)"), at + `indicator: good: query is not a plain selector; set metricSource.type: OpenTelemetry`},
		{source, query("a offset 5m"), at + `indicator: good: query is not a plain selector; set metricSource.type: OpenTelemetry`},
		{source, query(`{a="b"}`), at + `indicator: good: query is not a plain selector; set metricSource.type: OpenTelemetry`},
		{source, query(`orders{code=~"2.."}`), at + `indicator: good: query: code=~"2.." is not a list of values; set metricSource.type: OpenTelemetry`},
		{source, query(`orders{a!="b",a!="c"}`), at + `indicator: good: query: label a is matched twice; set metricSource.type: OpenTelemetry`},
		{"total: {metricSource: {type: OpenTelemetry", "total: {metricSource: {type: Any", at + `indicator: total: metricSource.type "Any" is not known; set OpenTelemetry`},
		{rest, threshold("{metric: m}", "[{op: eq, value: 5, target: 0.9}]"), at + `objectives[0]: op "eq" is not lte, lt, gte or gt`},
		{rest, threshold("{metric: m}", "[{op: lte, value: five, target: 0.9}]"), at + `objectives[0]: value must be a number (got "five")`},
		{rest, threshold("{metric: m, unit: s}", "[{op: gt, value: 5, target: 0.9}]"), at + `objectives[0]: op "gt": a histogram of durations is compared by lte`},
		{
			rest, threshold("{metric: m}", "[{op: lte, value: 5, target: 0.9}, {op: lte, value: 6, target: 0.95}]"),
			at + `objectives[1]: op and value must be those of the first objective; make two SLOs`,
		},
		{rest, threshold("{}", "[{op: lte, value: 5, target: 0.9}]"), at + `indicator: thresholdMetric: metricSource.spec.metric is missing`},
		{
			objective, "[{target: 0.9, timeSliceWindow: 1m}, {target: 0.95, timeSliceWindow: 5m}]",
			at + `objectives[1]: timeSliceWindow and timeSliceTarget must be those of the first objective; make two SLOs`,
		},
		{"Occurrences", "Timeslices", at + `objectives[0]: timeSliceWindow is missing`},
		{"labels: {team: [payments, web]}", "annotations: {slo.otel/alerts: some}", at + `annotation slo.otel/alerts: "some" is not google`},
		{"alertPolicies: []", "alertPolicies: [{spec: {conditions: [{metadata: {name: a}, spec: {condition: {kind: burnrate}}}]}}]", at + `condition "a" needs threshold and lookbackWindow`},
	} {
		t.Run(tc.changed, func(t *testing.T) {
			require.Contains(t, open, tc.old)
			_, err := translated(t, strings.Replace(open, tc.old, tc.changed, 1))
			require.Error(t, err)
			assert.True(t, strings.HasPrefix(err.Error(), tc.want), "%s", err)
		})
	}
}

func TestOpenSLOFilesArePartOfTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	const service = "---\n{apiVersion: openslo/v1, kind: Service, metadata: {name: shop}, spec: {}}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "slo.yaml"), []byte(open+service), 0o600))
	pattern := "openslo: ['" + filepath.Join(dir, "*.yaml") + "']\n"
	cfg, err := read(t, pattern)
	require.NoError(t, err)
	all, err := cfg.compile()
	require.NoError(t, err)
	require.Len(t, all.agreements, 1)
	assert.Equal(t, "checkout", all.agreements[0].name)
	assert.Equal(t, []string{filepath.Join(dir, "slo.yaml") + `: Service "shop"`}, all.ignored)

	_, err = read(t, pattern+one("name: checkout\nservice: shop"))
	require.ErrorContains(t, err, `slo.yaml: SLO "checkout": name "checkout" in service "shop" is already used by slos[0]`)
	_, err = read(t, "openslo: ["+filepath.Join(dir, "*.yml")+"]")
	require.ErrorContains(t, err, "openslo: no file matches ")
	_, err = read(t, "openslo: ['[']")
	require.ErrorContains(t, err, `openslo: "[": syntax error in pattern`)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "slo.yaml"), []byte(strings.Replace(open, "4w", "1m", 1)), 0o600))
	_, err = read(t, pattern)
	require.ErrorContains(t, err, `slo.yaml: SLO "checkout": window 1m is one minute (m = minute, M = month); smallest window is 1h`)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "slo.yaml"), []byte(service), 0o600))
	_, err = read(t, pattern)
	require.ErrorContains(t, err, "slos must not be empty")
}
