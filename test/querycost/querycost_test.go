package querycost

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tta-dev/otelcol-workflow/dashboards"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// now is when all is asked: at a scrape, long after 1970.
var now = time.UnixMilli(4_000_000 * scraped)

// engine is Prometheus, allowed to read as much as it is asked for.
func engine(t *testing.T) *promql.Engine {
	t.Helper()
	e := promql.NewEngine(promql.EngineOpts{
		MaxSamples: math.MaxInt, Timeout: 10 * time.Minute, Parser: parser.NewParser(parser.Options{}),
		EnableAtModifier: true, EnableNegativeOffset: true,
	})
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// cost returns how many samples a query reads, and its result if it is instant. A native
// histogram counts as many as its size is worth.
func cost(t *testing.T, q promql.Query, err error) (samples int64, result promql.Vector) {
	t.Helper()
	require.NoError(t, err)
	defer q.Close()
	r := q.Exec(t.Context())
	require.NoError(t, r.Err, q)
	if vector, is := r.Value.(promql.Vector); is {
		for _, s := range vector {
			result = append(result, promql.Sample{Metric: s.Metric.Copy()})
		}
	}
	return q.Stats().Samples.TotalSamples, result
}

// once asks an instant query.
func once(t *testing.T, e *promql.Engine, f *fleet, expr string) (samples int64, result promql.Vector) {
	t.Helper()
	q, err := e.NewInstantQuery(t.Context(), f, nil, expr, now)
	return cost(t, q, err)
}

// drawn asks a query as a panel does that shows an hour, a value for each minute.
func drawn(t *testing.T, e *promql.Engine, f *fleet, expr string) int64 {
	t.Helper()
	q, err := e.NewRangeQuery(t.Context(), f, nil, expr, now.Add(-time.Hour), now, time.Minute)
	samples, _ := cost(t, q, err)
	return samples
}

// ruleFile is what we read of a file of rules.
type ruleFile struct {
	Groups []struct {
		Interval time.Duration
		Rules    []struct {
			Record, Expr string
			Labels       map[string]string
		}
	}
}

// hourly returns how many samples the rules of the files read in an hour, and the rule that
// reads the most at once. What a rule records is there for the next.
func hourly(t *testing.T, files ...string) (samples int64, dearest string) {
	t.Helper()
	var most int64
	e, f := engine(t), newFleet()
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var rules ruleFile
		require.NoError(t, yaml.Unmarshal(text, &rules))
		for _, group := range rules.Groups {
			for _, r := range group.Rules {
				n, result := once(t, e, f, r.Expr)
				samples += n * int64(time.Hour/group.Interval)
				if n > most {
					most, dearest = n, r.Expr
				}
				f.record(r.Record, r.Labels, result)
			}
		}
	}
	return samples, strings.Join(strings.Fields(dearest), " ")
}

// record adds the result of a rule.
func (f *fleet) record(name string, more map[string]string, result promql.Vector) {
	if name == "" {
		return
	}
	for _, s := range result {
		b := labels.NewBuilder(s.Metric).Del(model.MetricNameLabel)
		for k, v := range more {
			b.Set(k, v)
		}
		var pairs []string
		b.Labels().Range(func(l labels.Label) { pairs = append(pairs, l.Name, l.Value) })
		f.add(name, nil, pairs...)
	}
}

// Each row asks the same of our series and of others.
var compared = []struct{ what, ours, other, of string }{
	{
		"p95 of each workflow, from the histograms",
		`histogram_quantile(0.95, sum by (workflow_name) (rate(workflow_run_duration_seconds[5m])))`,
		`histogram_quantile(0.95, sum(rate(primitive_duration_seconds_bucket[5m])) by (le, primitive_name))`, "seed, 10 buckets",
	},
	{
		"the same, as the collector tells it",
		`max by (workflow_name) (workflow_run_duration_quantile_seconds{quantile="0.95"})`,
		`histogram_quantile(0.95, sum(rate(primitive_duration_seconds_bucket[5m])) by (le, primitive_name))`, "seed, 10 buckets",
	},
	{
		"p95 an hour ago, in an alert",
		`workflow:run_duration_seconds:p95_1h offset 1h`,
		`histogram_quantile(0.95, sum(rate(primitive_duration_seconds_bucket[1h] offset 1h)) by (le, primitive_name))`, "seed, 10 buckets",
	},
	{
		"share of errors, in an alert",
		`workflow:errors:ratio5m`,
		`sum(rate(primitive_requests_total{status="error"}[5m])) by (primitive_name) / sum(rate(primitive_requests_total[5m])) by (primitive_name)`, "seed",
	},
	{
		"bad share of 3 days",
		`sum by (workflow_name) (slo_window_events{slo_window="3d",slo_outcome="bad"}) / sum by (workflow_name) (slo_window_events{slo_window="3d"})`,
		`sum by (workflow_name) (rate(workflow_runs_total{workflow_outcome="error"}[3d])) / sum by (workflow_name) (rate(workflow_runs_total[3d]))`, "Sloth",
	},
	{
		"bad share of 30 days",
		`sum by (workflow_name) (slo_window_events{slo_window="30d",slo_outcome="bad"}) / sum by (workflow_name) (slo_window_events{slo_window="30d"})`,
		`sum_over_time(slo:sli_error:ratio_rate5m[30d]) / count_over_time(slo:sli_error:ratio_rate5m[30d])`, "Sloth",
	},
}

// table is what stands in docs/prometheus.md.
func table(t *testing.T) []string {
	t.Helper()
	e, f := engine(t), newFleet()
	for w := range workflows {
		for _, name := range []string{"workflow:run_duration_seconds:p95_1h", "workflow:errors:ratio5m", "slo:sli_error:ratio_rate5m"} {
			f.add(name, nil, "workflow_name", fmt.Sprintf("w%02d", w))
		}
	}
	rows := []string{"| Samples read | Ours | Other | |", "|---|--:|--:|---|"}
	row := func(what string, ours, other int64, of string) {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |", what, grouped(ours), grouped(other), of))
	}
	for _, c := range compared {
		ours, _ := once(t, e, f, c.ours)
		other, _ := once(t, e, f, c.other)
		row(c.what, ours, other, c.of)
	}
	for i, what := range []string{"p95 on a board, an hour of it", "the same, as the collector tells it"} {
		row(what, drawn(t, e, f, compared[i].ours), drawn(t, e, f, compared[i].other), compared[i].of)
	}
	alerts := filepath.Join(repo.Root(t), "alerts")
	files, err := filepath.Glob(filepath.Join(alerts, "*-alerts.yml"))
	require.NoError(t, err)
	all, dearest := hourly(t, append([]string{filepath.Join(alerts, "recording-rules.yml")}, files...)...)
	t.Log("our dearest rule:", dearest)
	seed, dearest := hourly(t, filepath.Join("testdata", "seed.yml"))
	t.Log("the seed's dearest rule:", dearest)
	sloth, dearest := hourly(t, filepath.Join("testdata", "sloth.yml"))
	t.Log("Sloth's dearest rule:", dearest)
	row("all our rules, in an hour", rounded(all), rounded(seed), "the 32 of the seed")
	row("the same", rounded(all), rounded(sloth), "of Sloth, one objective a workflow")
	return rows
}

// panelTable is of the panels that read the most, as they are shown once.
func panelTable(t *testing.T) []string {
	t.Helper()
	all, err := dashboards.Queries()
	require.NoError(t, err)
	e, f := engine(t), newFleet()
	read := make(map[string]int64)
	for _, q := range all {
		expr, err := dashboards.Bind(q.Expr, dashboards.Defaults())
		require.NoError(t, err)
		n, _ := once(t, e, f, expr)
		read[q.Board+" / "+q.Panel] += n
	}
	panels := slices.SortedFunc(maps.Keys(read), func(a, b string) int {
		return cmp.Or(cmp.Compare(read[b], read[a]), cmp.Compare(a, b))
	})
	rows := []string{"| Panel | Samples read |", "|---|--:|"}
	for _, panel := range panels[:5] {
		rows = append(rows, fmt.Sprintf("| %s | %s |", panel, grouped(read[panel])))
	}
	return rows
}

// rounded keeps two digits.
func rounded(n int64) int64 {
	unit := int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// TestCost holds the tables of docs/prometheus.md against what the engine of Prometheus
// counts. They are exact: nothing of them depends on the machine.
func TestCost(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join(repo.Root(t), "docs", "prometheus.md"))
	require.NoError(t, err)
	for _, rows := range [][]string{table(t), panelTable(t)} {
		counted := strings.Join(rows, "\n")
		t.Log("\n" + counted)
		_, rest, _ := strings.Cut(string(guide), rows[0])
		written, _, _ := strings.Cut(rest, "\n\n")
		assert.Equal(t, counted, rows[0]+written)
	}
}

func TestRounded(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 99: 99, 104: 100, 105: 110, 999: 1000, 2_321_200_080: 2_300_000_000} {
		assert.Equal(t, want, rounded(n))
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		assert.Equal(t, want, grouped(n))
	}
}
