//go:build unix

package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tta-dev/otelcol-workflow/dashboards"
	"github.com/tta-dev/otelcol-workflow/test/prometheusapi"
	"github.com/tta-dev/otelcol-workflow/test/repo"
	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// question is a query of ours and where it stands.
type question struct {
	where, expr string
}

// questions are the queries of all panels, what each recording rule recorded, and every
// series that an alert looks at, at the time that is now: whether an alert has something to
// say is another matter, but it must not be blind.
func questions(t *testing.T) []question {
	t.Helper()
	all, err := dashboards.Queries()
	require.NoError(t, err)
	values := dashboards.Defaults()
	var out []question
	for _, q := range all {
		bound, err := dashboards.Bind(q.Expr, values)
		require.NoError(t, err)
		out = append(out, question{q.Board + " / " + q.Panel + " / " + q.RefID, bound})
	}
	files, err := filepath.Glob(filepath.Join(repo.Root(t), "alerts", "*s.yml"))
	require.NoError(t, err)
	for _, file := range files {
		out = append(out, ruleQuestions(t, file)...)
	}
	return out
}

// ruleQuestions are those of a file of rules.
func ruleQuestions(t *testing.T, file string) (out []question) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var rules struct {
		Groups []struct {
			Rules []struct {
				Record string
				Alert  string
				Expr   string
				Labels map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &rules))
	for _, group := range rules.Groups {
		for _, r := range group.Rules {
			if r.Record != "" {
				selector := r.Record
				if policy := r.Labels["slo_policy"]; policy != "" {
					selector += fmt.Sprintf("{slo_policy=%q}", policy)
				}
				out = append(out, question{"record " + selector, selector})
				continue
			}
			for i, selector := range selectors(t, r.Expr) {
				out = append(out, question{fmt.Sprintf("alert %s %d", r.Alert, i+1), "last_over_time(" + selector + "[1h])"})
			}
		}
	}
	return out
}

// selectors are the series that an expression looks at, without offsets, each once.
func selectors(t *testing.T, expr string) (out []string) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	require.NoError(t, err, expr)
	seen := make(map[string]bool)
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if s, is := node.(*parser.VectorSelector); is {
			bare := parser.VectorSelector{Name: s.Name, LabelMatchers: s.LabelMatchers}
			if text := bare.String(); !seen[text] {
				seen[text] = true
				out = append(out, text)
			}
		}
		return nil
	})
	return out
}

// answers are the results of all questions to a stack, by where they stand.
type answers map[string][]prometheusapi.Sample

// ask asks all, and shows a table of what came of it.
func ask(t *testing.T, st *stack, all []question) answers {
	t.Helper()
	out := make(answers)
	rows := [][]string{{"where", "series", "value of the first", "query"}}
	for _, q := range all {
		got, err := prometheusapi.Query(t.Context(), st.url(), q.expr)
		require.NoError(t, err, q.where)
		out[q.where] = got
		row := []string{q.where, strconv.Itoa(len(got)), "-", q.expr}
		if len(got) > 0 {
			assert.False(t, math.IsNaN(got[0].Value) || math.IsInf(got[0].Value, 0), "%s is %v", q.where, got[0].Value)
			row[2] = strconv.FormatFloat(got[0].Value, 'g', 5, 64)
		}
		row[3] = row[3][:min(len(row[3]), 100)]
		rows = append(rows, row)
	}
	var shown strings.Builder
	rig.Screen{Writer: &shown}.Table(rows)
	t.Log("\n" + shown.String())
	return out
}

func (st *stack) url() string { return st.settings.ports.prometheus.URL("") }

// assertAccounts holds every counter and the number of values in every histogram against
// what was sent, to the last one, over all collectors together.
func assertAccounts(t *testing.T, st *stack, reports []*rig.Report) {
	t.Helper()
	sent := make(map[string]map[string]int64)
	for _, r := range reports {
		for _, a := range r.Accounts() {
			if sent[a.Family] == nil {
				sent[a.Family] = make(map[string]int64)
			}
			for key, n := range a.Sent {
				sent[a.Family][key] += n
			}
		}
	}
	for _, a := range reports[0].Accounts() {
		expr := fmt.Sprintf("sum by (%s) (%s)", strings.Join(a.By, ","), a.Family)
		if strings.HasSuffix(a.Family, "_seconds") {
			expr = "histogram_count(" + expr + ")"
		}
		samples, err := prometheusapi.Query(t.Context(), st.url(), expr)
		require.NoError(t, err)
		counted := make(map[string]int64)
		for _, s := range samples {
			var key []string
			for _, label := range a.By {
				key = append(key, s.Labels[label])
			}
			counted[strings.Join(strings.Fields(strings.Join(key, " ")), " ")] = int64(s.Value)
		}
		assert.Equal(t, sent[a.Family], counted, a.Family)
	}
}

// books are what the examples sent, as far as a panel tells it.
type books struct {
	runs                     map[string]int64
	steps, failedSteps, usd  float64
	total, failed, succeeded float64 // runs that were not cancelled
}

// prices of the models, in US dollars for a million tokens, from their providers' pages.
var prices = map[string]map[string]float64{
	"text-embedding-3-small": {"input": 0.02},
	"gpt-4o-mini":            {"input": 0.15, "output": 0.6},
	"claude-sonnet-4-5":      {"input": 3, "output": 15, "cache_read": 0.3 - 3}, // which is a part of input
}

func newBooks(reports []*rig.Report) books {
	b := books{runs: runs(reports)}
	for _, r := range reports {
		for _, s := range r.Steps {
			b.steps += float64(s.Count)
			if s.Outcome == "error" || s.Outcome == "timeout" {
				b.failedSteps += float64(s.Count)
			}
		}
		for _, n := range r.Tokens {
			b.usd += float64(n.Count) * prices[n.Model][n.Type] / 1e6
		}
	}
	b.succeeded = float64(b.runs["success"])
	b.failed = float64(b.runs["error"] + b.runs["timeout"])
	b.total = b.succeeded + b.failed
	return b
}

// figure is a value that a query must have: the sum of its series, or of those of an objective.
type figure struct {
	where, objective string
	want             float64
}

// figures are the values that can be told from the books.
func (b books) figures(kind string) []figure {
	const success = "run-success"
	out := []figure{
		{"workflow-overview / In flight / A", "", 0},
		{"workflow-overview / Steps / A", "", b.steps},
		{"workflow-overview / Steps / B", "", b.failedSteps},
		{"cost-tracking / Workflows / D", "", b.total + float64(b.runs["cancelled"])},
		{"cost-tracking / Calls without a price / A", "", 0},
		{"slo-tracking / Objectives / A", success, 1 - b.failed/b.total/0.01},
		{"slo-tracking / Objectives / B", success, b.total*0.01 - b.failed},
		{"slo-tracking / Objectives / C", success, b.succeeded / b.total},
		{"slo-tracking / Objectives / D", success, 0.99},
		{"slo-tracking / Objectives / E", success, b.failed / b.total / 0.01},
		{"slo-tracking / Objectives / G", success, 30 * 86400},
	}
	if kind != "cost" { // prompts that long are dearer by the token
		for _, where := range []string{
			"Spent / A", "Cost by workflow / A", "Cost by model / A", "Cost by kind / A", "Workflows / A", "Steps / A",
			"From list price to bill / D",
		} {
			out = append(out, figure{"cost-tracking / " + where, "", b.usd})
		}
	}
	return out
}

// of is what the query says.
func (f figure) of(t *testing.T, st *stack, expr string) (sum float64) {
	t.Helper()
	samples, err := prometheusapi.Query(t.Context(), st.url(), expr)
	require.NoError(t, err, f.where)
	for _, s := range samples {
		if f.objective == "" || s.Labels["slo_name"] == f.objective {
			sum += s.Value
		}
	}
	return sum
}

// assertFigures holds panels against the books. increase() extrapolates, so that it is off
// by a little; the last flushes may still be on their way.
func assertFigures(t *testing.T, st *stack, all []question, wanted []figure) {
	t.Helper()
	exprs := make(map[string]string)
	for _, q := range all {
		exprs[q.where] = q.expr
	}
	for _, f := range wanted {
		require.Contains(t, exprs, f.where)
		var got float64
		for late := time.Now().Add(settledWithin); ; time.Sleep(time.Second) {
			got = f.of(t, st, exprs[f.where])
			if math.Abs(got-f.want) <= 0.03*math.Abs(f.want)+1e-9 || time.Now().After(late) {
				break
			}
		}
		assert.InDelta(t, f.want, got, 0.03*math.Abs(f.want)+1e-9, f.where)
		t.Logf("%-50s %12.5g, as sent %12.5g", f.where, got, f.want)
	}
}

// firing is the panel that has something to say only while alerts fire.
const firing = "workflow-overview / Firing alerts / A"

// askThen asks the panel of firing alerts as of when the first of the alerts was told.
func askThen(t *testing.T, st *stack, all []question, a answers) {
	t.Helper()
	told := st.sink.all()
	if len(told) == 0 {
		return
	}
	i := slices.IndexFunc(all, func(q question) bool { return q.where == firing })
	require.NotEqual(t, -1, i, firing)
	shown, err := prometheusapi.QueryAt(t.Context(), st.url(), all[i].expr, told[0].fired)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(shown, func(s prometheusapi.Sample) bool {
		return s.Labels["alertname"] == told[0].name() && s.Labels["workflow_name"] == "support"
	}), "%v shows no %s", shown, told[0].name())
	a[firing] = shown
}

// unanswered are the questions that have no answer here, and why.
var unanswered = map[string]string{
	"cost-tracking / Now and a day ago / B":     young,
	"workflow-overview / Now and a day ago / B": young,

	"cost-tracking / From list price to bill / C": cheap,
	"cost-tracking / Extra cost an hour / A":      cheap,

	"cost-tracking / Models without a price / A": "every call has a price",
	"cost-tracking / Runs over budget / A":       "no budget is set",
	"workflow-overview / Cache hits / A":         "the example has no cache",

	"workflow-overview / Sending queue / A":  alone,
	"workflow-overview / Failed to send / A": alone,
	"workflow-overview / Failed to send / B": alone,
	"workflow-overview / Failed to send / C": alone,
	"alert CollectorExportFailing 1":         alone,
	"alert CollectorExportFailing 2":         alone,
	"alert CollectorQueueFull 1":             alone,
	"alert CollectorQueueFull 2":             alone,
	"alert CollectorDroppingData 1":          alone,
	"alert CollectorDroppingData 2":          alone,

	"record workflow:run_duration_seconds_bucket:rate5m": "histograms are native",

	"alert CollectorMemoryLimited 1": "the collector has memory enough",
}

const (
	young = "Prometheus is minutes old"
	cheap = "nothing is dearer for a mechanism"
	alone = "preset:standalone sends nothing on; TestNamesOfTrouble of test/e2e has a collector that does"
)

// assertAnswered asserts that each question has an answer after one fault or another, but
// for those that cannot have one, and for those only.
func assertAnswered(t *testing.T, all []question, results []answers) {
	t.Helper()
	without := 0
	for _, q := range all {
		answered := slices.ContainsFunc(results, func(a answers) bool { return len(a[q.where]) > 0 })
		why, excused := unanswered[q.where]
		assert.NotEqual(t, excused, answered, "%s: answered %v, although %q: %s", q.where, answered, why, q.expr)
		if excused {
			t.Logf("no data: %s: %s", q.where, why)
			without++
		}
	}
	t.Logf("%d questions of boards and rules, %d with data, %d without", len(all), len(all)-without, without)
}
