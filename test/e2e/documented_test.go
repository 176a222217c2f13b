package e2e_test

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// everything turns on all that makes a series.
const everything = `yaml:
connectors:
  workflow_metrics: {flush_interval: 300ms, max_series: 150, runs: {wait: 1s}, histogram: {kind: both}}
processors:
  cost:
    budgets:
      - {name: dear, limit_usd: 0.000001}
      - {name: daily, scope: workflow, window: calendar_day, limit_usd: 1000}
  percentile: {flush_interval: 300ms, rules: [{metric: workflow.*, error: true, windows: [5m, 10m]}]}
  slo:
    flush_interval: 1s
    max_groups: 2
    emit: [counters, derived, windows, sloth, pyrra]
    slos:
      - name: run-success
        service: shop
        owner: team-a
        objectives: [{name: strict, target: 99%}, {name: lax, target: 90%}]
        group_by: [workflow.name]
        sli: {events: {metric: workflow.runs, good: {workflow.outcome: success}}}
      - name: run-latency
        objective: 95%
        window: {calendar: month}
        sli: {latency: {metric: workflow.run.duration.explicit, threshold: 3s}}
`

// impossible are the attributes of metrics that no test of seconds can see.
var impossible = map[string]string{
	"slo.error_budget.remaining slo_period": "a calendar period, of a day at least, has to end",
}

// TestEveryMetricIsDocumented holds what the binary serves with everything turned on against
// docs/metrics.md, both ways: names, kinds, units, descriptions and attributes.
func TestEveryMetricIsDocumented(t *testing.T) {
	docs, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	sent := filepath.Join(t.TempDir(), "metrics.json")
	c := collectortest.Start(t, collectortest.Build(t), "standalone", everything,
		"yaml:exporters::file::path: "+sent, "yaml:service::pipelines::metrics::exporters: [prometheus, file]")
	send(t, c)

	t.Run("OTLP", func(t *testing.T) {
		assertDocumented(t, docs, func(r *metricdocs.Row) (string, bool) { return r.Name, r.Name != "" && !compat(r) }, func() map[string]*shown {
			return inFile(t, sent)
		})
	})
	t.Run("Prometheus", func(t *testing.T) {
		assertDocumented(t, docs, func(r *metricdocs.Row) (string, bool) { return r.Prometheus, r.Name != "" && !compat(r) }, func() map[string]*shown {
			return inScrape(c.Scrape(t, c.Metrics))
		})
	})
	t.Run("of our components about themselves", func(t *testing.T) {
		assertDocumented(t, docs, func(r *metricdocs.Row) (string, bool) { return r.Prometheus, strings.HasSuffix(r.Section, " itself") }, func() map[string]*shown {
			all := inScrape(c.Scrape(t, c.Own))
			maps.DeleteFunc(all, func(name string, _ *shown) bool { return !component.MatchString(name) })
			return all
		})
	})
	t.Run("of the rest", func(t *testing.T) {
		for name := range inScrape(c.Scrape(t, c.Own)) {
			if strings.HasPrefix(name, "otelcol_") {
				assert.True(t, docs.Knows(name), "%s is not in docs/metrics.md", name)
			}
		}
	})
	assert.NoError(t, c.Stop())
}

// unitless is the unit of what does not tell it.
const unitless = "?"

// component finds the metrics that our components have about themselves.
var component = regexp.MustCompile("^otelcol_(connector_workflow_metrics|processor_(cost|percentile|slo))_")

// compat says that a row is of preset:tta-compat, which has a test of its own.
func compat(r *metricdocs.Row) bool { return strings.HasPrefix(r.Name, "primitive.") }

// send sends spans of all kinds, and then more steps than there may be series.
func send(t *testing.T, c *collectortest.Collector) {
	t.Helper()
	l := newLoad(11)
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, l.batch(60))))
	require.Eventually(t, func() bool {
		return sum(c.Scrape(t, c.Metrics), "workflow_calls_total") == l.sum("workflow_calls_total")
	}, patience, tick)
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "flood")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	root := l.span(spans, ptrace.Span{}, "flood", 1, ended{outcome: "success"}, map[string]any{"gen_ai.operation.name": "invoke_workflow"})
	for i := range 200 {
		l.step(spans, root, labels{}, "flood", fmt.Sprintf("step-%d", i), "task", 0.1, ended{outcome: "success"}, nil)
	}
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, td)))
}

// shown is what is seen of a metric.
type shown struct {
	kind, unit, description string
	attributes              map[string]bool
}

// assertDocumented asserts that what is seen, once all is, and the rows with a name are the same.
func assertDocumented(t *testing.T, docs metricdocs.Metrics, named func(*metricdocs.Row) (string, bool), see func() map[string]*shown) {
	t.Helper()
	var wrong []string
	assert.Eventually(t, func() bool {
		wrong = differences(docs, named, see())
		return len(wrong) == 0
	}, patience, tick)
	assert.Empty(t, wrong)
}

func differences(docs metricdocs.Metrics, named func(*metricdocs.Row) (string, bool), seen map[string]*shown) (wrong []string) {
	unknown := maps.Clone(seen)
	missing := map[string]bool{} // what is common to a section and not seen on any of its metrics
	for i := range docs {
		row := &docs[i]
		name, wanted := named(row)
		if !wanted {
			continue
		}
		for _, a := range row.Common {
			if _, found := missing[row.Section+": "+a]; !found {
				missing[row.Section+": "+a] = true
			}
		}
		all := matching(seen, name)
		if len(all) == 0 {
			wrong = append(wrong, name+" is documented and not there")
		}
		for _, as := range all {
			delete(unknown, as)
			wrong = append(wrong, compare(row, seen[as], missing)...)
		}
	}
	for name := range unknown {
		wrong = append(wrong, name+" is there and not documented")
	}
	for what, still := range missing {
		if still {
			wrong = append(wrong, what+" is documented and on no series")
		}
	}
	slices.Sort(wrong)
	return wrong
}

// matching returns the names that are seen of a row with that name.
func matching(seen map[string]*shown, name string) (all []string) {
	bare, windowed := strings.CutSuffix(name, "<window>")
	for as := range seen {
		rest, found := strings.CutPrefix(as, bare)
		if as == name || windowed && found && window.MatchString(rest) {
			all = append(all, as)
		}
	}
	return all
}

var window = regexp.MustCompile("^[0-9]+[smhd]$")

// compare returns how a metric differs from its row, and notes which of the attributes that are
// common to the section it has.
func compare(row *metricdocs.Row, seen *shown, missing map[string]bool) (wrong []string) {
	for what, pair := range map[string][2]string{
		"kind": {row.Kind, seen.kind}, "unit": {row.Unit, seen.unit}, "meaning": {row.Description, seen.description},
	} {
		if pair[0] != pair[1] && pair[1] != unitless {
			wrong = append(wrong, fmt.Sprintf("%s: %s is documented as %q and is %q", row.Prometheus, what, pair[0], pair[1]))
		}
	}
	unknown := maps.Clone(seen.attributes)
	for _, a := range row.Common {
		if seen.attributes[underscored(a)] {
			missing[row.Section+": "+a] = false
		}
		delete(unknown, underscored(a))
	}
	for _, a := range row.Attributes {
		if !seen.attributes[underscored(a)] && impossible[row.Name+" "+underscored(a)] == "" {
			wrong = append(wrong, fmt.Sprintf("%s: %s is documented and on no series", row.Prometheus, a))
		}
		delete(unknown, underscored(a))
	}
	for a := range unknown {
		wrong = append(wrong, fmt.Sprintf("%s: %s is on a series and not documented", row.Prometheus, a))
	}
	return wrong
}

// underscored returns an attribute as the label that it becomes.
func underscored(attribute string) string { return strings.ReplaceAll(attribute, ".", "_") }

// inScrape returns the metrics of a text scrape.
func inScrape(scrape string) map[string]*shown {
	out := map[string]*shown{}
	help, now := "", (*shown)(nil)
	for line := range strings.Lines(scrape) {
		line = strings.TrimSuffix(line, "\n")
		switch fields := strings.SplitN(line, " ", 4); {
		case strings.HasPrefix(line, "# HELP "):
			help = stability.ReplaceAllString(fields[3], "")
		case strings.HasPrefix(line, "# TYPE "):
			now = &shown{kind: fields[3], unit: unitless, description: help, attributes: map[string]bool{}}
			out[fields[2]] = now
		default:
			for name := range read(line) {
				if name != "le" {
					now.attributes[name] = true
				}
			}
		}
	}
	return out
}

// stability is what the collector adds to descriptions.
var stability = regexp.MustCompile(` \[\w+\]$`)

// inFile returns the metrics that the file exporter has written in whole lines.
func inFile(t *testing.T, path string) map[string]*shown {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	out := map[string]*shown{}
	for line := range bytes.Lines(text) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break
		}
		md, err := (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics(line)
		require.NoError(t, err)
		for _, rm := range md.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					note(out, m)
				}
			}
		}
	}
	return out
}

func note(out map[string]*shown, m pmetric.Metric) {
	s := out[m.Name()]
	if s == nil {
		s = &shown{unit: m.Unit(), description: m.Description(), attributes: map[string]bool{}}
		out[m.Name()] = s
	}
	var all []pcommon.Map
	switch m.Type() {
	case pmetric.MetricTypeSum:
		s.kind, all = "counter", attributes(m.Sum().DataPoints().All())
	case pmetric.MetricTypeGauge:
		s.kind, all = "gauge", attributes(m.Gauge().DataPoints().All())
	case pmetric.MetricTypeHistogram:
		s.kind, all = "histogram", attributes(m.Histogram().DataPoints().All())
	case pmetric.MetricTypeExponentialHistogram:
		s.kind, all = "histogram", attributes(m.ExponentialHistogram().DataPoints().All())
	default:
		s.kind = m.Type().String()
	}
	for _, of := range all {
		for a := range of.All() {
			s.attributes[underscored(a)] = true
		}
	}
}

func attributes[T interface{ Attributes() pcommon.Map }](points iter.Seq2[int, T]) (all []pcommon.Map) {
	for _, dp := range points {
		all = append(all, dp.Attributes())
	}
	return all
}
