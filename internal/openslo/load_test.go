package openslo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// load writes each text to a file of its own, named a.yaml, b.yaml and so on, and reads them.
func load(t *testing.T, texts ...string) (slos []SLO, ignored []string, err error) {
	t.Helper()
	t.Chdir(t.TempDir())
	var files []string
	for i, text := range texts {
		file := string(rune('a'+i)) + ".yaml"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		files = append(files, file)
	}
	return Load(files)
}

const whole = `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout
  displayName: Checkouts that work
  labels: {team: [payments, web], tier: gold}
  annotations: {slo.otel/alerts: google}
spec:
  description: Orders go through.
  service: shop
  indicatorRef: orders
  timeWindow: [{duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 12:00:00, timeZone: Europe/Berlin}}]
  budgetingMethod: Timeslices
  objectives:
    - {displayName: Good, op: gt, target: 0.9950, timeSliceTarget: 0.9, timeSliceWindow: 5m}
    - {displayName: Contract, targetPercent: 99, timeSliceTarget: 0.9, timeSliceWindow: 5m}
  alertPolicies:
    - slow
    - alertPolicyRef: slow
    - kind: AlertPolicy
      metadata: {name: own}
      spec:
        alertWhenNoData: true
        conditions:
          - {kind: AlertCondition, metadata: {name: quick}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}}}
        notificationTargets: [{targetRef: mail}]
`

const others = `
- {apiVersion: openslo/v1, kind: Service, metadata: {name: shop}, spec: {}}
- apiVersion: openslo/v1
  kind: SLI
  metadata: {name: orders}
  spec:
    ratioMetric:
      counter: true
      bad: {metricSource: {type: OpenTelemetry, spec: {metric: orders, filter: {ok: false}}}}
      total: {metricSource: {metricSourceRef: here, type: OpenTelemetry, spec: {metric: orders}}}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: slow}
spec: {conditions: [{conditionRef: leak}], notificationTargets: []}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: leak}
spec: {severity: ticket, condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 6h, alertAfter: 1h}}
`

func TestReferencesReachOverFiles(t *testing.T) {
	slos, ignored, err := load(t, whole, others)
	require.NoError(t, err)
	assert.Equal(t, []string{`b.yaml: Service "shop"`}, ignored)
	leak := Condition{"leak", "ticket", "2", "6h", "1h"}
	source := func(spec map[string]any, ref string) *Source {
		return &Source{MetricSource{ref, "OpenTelemetry", spec}}
	}
	assert.Equal(t, []SLO{{
		Where: `a.yaml: SLO "checkout"`, Name: "checkout", Service: "shop",
		Labels:      map[string]string{"team": "payments,web", "tier": "gold"},
		Annotations: map[string]string{"slo.otel/alerts": "google"},
		Indicator: Indicator{Ratio: &RatioMetric{
			Counter: true,
			Bad:     source(map[string]any{"metric": "orders", "filter": map[string]any{"ok": false}}, ""),
			Total:   source(map[string]any{"metric": "orders"}, "here"),
		}},
		Window: "1M", Start: "2026-01-01 12:00:00", TimeZone: "Europe/Berlin", Method: "Timeslices",
		Objectives: []Objective{
			{Name: "Good", Op: "gt", Target: "0.9950", SliceTarget: "0.9", SliceWindow: "5m"},
			{Name: "Contract", Target: "99%", SliceTarget: "0.9", SliceWindow: "5m"},
		},
		Conditions: []Condition{leak, leak, {"quick", "page", "14.4", "1h", "5m"}},
	}}, slos)
}

// TestErrorsNameTheFileAndTheObject replaces a part of a sound file.
func TestErrorsNameTheFileAndTheObject(t *testing.T) {
	const slo = `a.yaml: SLO "checkout": `
	for _, tc := range []struct{ old, changed, want string }{
		{"apiVersion: openslo/v1\nkind: SLO", "apiVersion: openslo/v1alpha\nkind: SLO", slo + `apiVersion "openslo/v1alpha" cannot be read; convert it to openslo/v1`},
		{"kind: SLO", "kind: SLOs", `a.yaml: SLOs "checkout": kind "SLOs" is not one of openslo/v1`},
		{"name: checkout", "nam: checkout", `a.yaml: SLO "": metadata.name is missing`},
		{"  service: shop", "  servce: shop", `field servce not found`},
		{"indicatorRef: orders", "indicatorRef: none", slo + `indicatorRef "none": no file has an SLI of that name`},
		{"  indicatorRef: orders\n", "", slo + `needs indicator or indicatorRef`},
		{"indicatorRef: orders", "indicatorRef: orders\n  indicator: {spec: {}}", slo + `has both indicator and indicatorRef; give exactly one`},
		{"indicatorRef: orders", "indicator: {spec: {}}", slo + `indicator needs exactly one of ratioMetric and thresholdMetric`},
		{"indicatorRef: orders", "indicator: {spec: {ratioMetric: {}, thresholdMetric: {}}}", slo + `indicator needs exactly one of ratioMetric and thresholdMetric`},
		{"indicatorRef: orders", "indicator: {spec: {ratioMetric: {good: {}, bad: {}, total: {}}}}", slo + `ratioMetric needs exactly one of good and bad`},
		{"indicatorRef: orders", "indicator: {spec: {ratioMetric: {good: {}}}}", slo + `ratioMetric needs total`},
		{"indicatorRef: orders", "indicator: {spec: {ratioMetric: {raw: {}, total: {}}}}", slo + `ratioMetric has raw beside good, bad or total; give one or the other`},
		{"indicatorRef: orders", "indicator: {spec: {ratioMetric: {raw: {}, rawType: ok}}}", slo + `ratioMetric.rawType "ok" is not success or failure`},
		{"timeWindow: [{", "timeWindow: [{}, {", slo + `timeWindow must have exactly one item (got 2)`},
		{"duration: 1M, ", "", slo + `timeWindow needs a duration`},
		{"isRolling: false", "isRolling: true", slo + `timeWindow is rolling and has a calendar; give one or the other`},
		{", calendar: {startTime: 2026-01-01 12:00:00, timeZone: Europe/Berlin}", "", slo + `timeWindow needs a calendar or isRolling: true`},
		{", timeZone: Europe/Berlin", "", slo + `timeWindow.calendar needs startTime and timeZone`},
		{"Method: Timeslices", "Method: Slices", slo + `budgetingMethod "Slices" is not Occurrences, Timeslices or RatioTimeslices`},
		{"target: 0.9950, ", "", slo + `objectives[0]: needs exactly one of target and targetPercent`},
		{"target: 0.9950", "target: 0.9, targetPercent: 90", slo + `objectives[0]: needs exactly one of target and targetPercent`},
		{"op: gt, target", "compositeWeight: 2, target", slo + `objectives[0]: composite objectives are not supported yet`},
		{"- slow", "- fast", slo + `alertPolicies: no file has an AlertPolicy "fast"`},
		{"{kind: AlertCondition, metadata: {name: quick}", "{conditionRef: none", slo + `conditionRef "none": no file has an AlertCondition of that name`},
		{"kind: burnrate, op: gt,", "kind: budget, op: gt,", slo + `condition "quick": kind "budget" is not burnrate`},
		{"op: gt, threshold", "op: lt, threshold", slo + `condition "quick": op "lt" is not gt or gte`},
		{"threshold: 14.4", "treshold: 14.4", "field treshold not found"},
		{"metadata:\n", "metadata: [\n", "a.yaml: yaml: "},
		{"kind: SLO", "kind: [SLO]", "a.yaml: line 2: "},
	} {
		t.Run(tc.changed, func(t *testing.T) {
			require.Contains(t, whole, tc.old)
			_, _, err := load(t, strings.Replace(whole, tc.old, tc.changed, 1), others)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tc.want)
			assert.Contains(t, err.Error(), "a.yaml")
		})
	}
}

func TestTwoOfOneNameAreRefused(t *testing.T) {
	_, _, err := load(t, others, others)
	assert.ErrorContains(t, err, `b.yaml: SLI "orders": there are two of that name`)
}

func TestObjectivesMustNotBeEmpty(t *testing.T) {
	head, _, _ := strings.Cut(whole, "  objectives:")
	_, _, err := load(t, head, others)
	assert.ErrorContains(t, err, `a.yaml: SLO "checkout": objectives must not be empty`)
}

func TestAFileThatIsNotThereIsAnError(t *testing.T) {
	_, _, err := Load([]string{filepath.Join(t.TempDir(), "none.yaml")})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// FuzzLoad reads anything at all.
func FuzzLoad(f *testing.F) {
	f.Add(whole + "---" + others)
	f.Add(others)
	f.Fuzz(func(t *testing.T, text string) {
		l := newLibrary()
		if l.read("a.yaml", []byte(text)) != nil {
			return
		}
		slos, _ := l.resolveAll()
		for _, s := range slos {
			if s.Name == "" || len(s.Objectives) == 0 {
				t.Errorf("an SLO without name or objectives: %+v", s)
			}
		}
	})
}
