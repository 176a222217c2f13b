package dashboards_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/dashboards"
)

// board is what the rules of the house look at.
type board struct {
	UID, Title, Description string
	SchemaVersion           int
	Tags                    []string
	Links                   []struct {
		URL                   string
		IncludeVars, KeepTime bool
	}
	Templating struct {
		List []struct{ Name, Description string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               source
	Targets                  []struct {
		RefID, LegendFormat string
		Datasource          source
	}
	FieldConfig struct {
		Defaults struct {
			Unit       string
			Thresholds struct{ Steps []struct{ Value *float64 } }
			Links      []struct{ URL string }
		}
	}
}

type source struct{ Type, UID string }

// boards returns the three boards by their file names without .json.
func boards(t *testing.T) map[string]board {
	t.Helper()
	paths, err := filepath.Glob("*.json")
	require.NoError(t, err)
	out := map[string]board{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var b board
		require.NoError(t, json.Unmarshal(text, &b), path)
		out[strings.TrimSuffix(path, ".json")] = b
	}
	require.Len(t, out, 3)
	return out
}

func TestBoards(t *testing.T) {
	all := boards(t)
	for name, b := range all {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, name, b.UID, "links and bookmarks know it by its uid")
			assert.NotEmpty(t, b.Title)
			assert.NotEmpty(t, b.Description)
			assert.Contains(t, b.Tags, "otelcol-workflow")
			assert.Equal(t, 42, b.SchemaVersion)

			var others []string
			for _, l := range b.Links {
				assert.True(t, l.IncludeVars && l.KeepTime, l.URL)
				others = append(others, strings.TrimPrefix(l.URL, "/d/"))
			}
			slices.Sort(others)
			assert.Len(t, slices.Compact(others), 2, "the two others")
			for _, other := range others {
				assert.Contains(t, all, other)
				assert.NotEqual(t, name, other)
			}
		})
	}
}

// TestVariables has every variable that a query asks for among those of its board.
func TestVariables(t *testing.T) {
	names := map[string][]string{}
	for uid, b := range boards(t) {
		for _, v := range b.Templating.List {
			assert.NotEmpty(t, v.Description, "%s $%s", uid, v.Name)
			names[uid] = append(names[uid], v.Name)
		}
		assert.Subset(t, names[uid], []string{"datasource", "workflow", "service", "tenant", "interval"}, uid)
		assert.Equal(t, "datasource", names[uid][0], "the others are asked of it")
	}
	variable := regexp.MustCompile(`\$(\w+)`)
	for _, q := range queries(t) {
		for _, found := range variable.FindAllStringSubmatch(q.Expr, -1) {
			assert.Contains(t, append(names[q.Board], "__range"), found[1], "%s/%s", q.Board, q.Panel)
		}
	}
}

// current are the types of panels that Grafana does not migrate to others.
var current = []string{"timeseries", "stat", "gauge", "bargauge", "table", "piechart", "heatmap", "state-timeline", "row"}

func TestPanels(t *testing.T) {
	for uid, b := range boards(t) {
		ids, titles := map[int]bool{}, map[string]bool{}
		for _, p := range b.Panels {
			t.Run(uid+"/"+p.Title, func(t *testing.T) {
				assert.Contains(t, current, p.Type)
				assert.NotEmpty(t, p.Title)
				assert.False(t, ids[p.ID], "an id twice")
				ids[p.ID] = true
				if p.Type == "row" {
					return
				}
				assert.False(t, titles[p.Title], "a title twice: panels are told apart by it")
				titles[p.Title] = true
				testPanel(t, p)
			})
		}
	}
}

// natural are the only thresholds: a budget that is gone or nearly so, a burn rate or
// ratio that is due, a count that is not 0. Others are series that come from the data.
var natural = []float64{0, 0.3, 1}

func testPanel(t *testing.T, p panel) {
	t.Helper()
	assert.Regexp(t, `\.$`, p.Description, "a description is a sentence")
	assert.NotEmpty(t, p.FieldConfig.Defaults.Unit)
	prometheus := source{"prometheus", "${datasource}"}
	assert.Equal(t, prometheus, p.Datasource)
	assert.NotEmpty(t, p.Targets)
	for _, target := range p.Targets {
		assert.Equal(t, prometheus, target.Datasource)
		if p.Type == "timeseries" || p.Type == "bargauge" || p.Type == "piechart" || p.Type == "state-timeline" {
			assert.NotEmpty(t, target.LegendFormat)
		}
	}
	for _, step := range p.FieldConfig.Defaults.Thresholds.Steps[1:] {
		assert.Contains(t, natural, *step.Value)
	}
	for _, l := range p.FieldConfig.Defaults.Links {
		testLink(t, l.URL)
	}
}

// testLink follows a link of a value, to another board or to the traces of a query.
func testLink(t *testing.T, link string) {
	t.Helper()
	path, query, _ := strings.Cut(link, "?")
	if uid, ok := strings.CutPrefix(path, "/d/"); ok {
		assert.Contains(t, boards(t), uid)
		assert.Contains(t, query, "${datasource:queryparam}&${__url_time_range}", "choices are kept")
		return
	}
	require.Equal(t, "/explore", path)
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	var panes map[string]struct {
		Datasource string
		Queries    []struct{ QueryType, Query string }
		Range      struct{ From, To string }
	}
	require.NoError(t, json.Unmarshal([]byte(values.Get("panes")), &panes), link)
	require.Len(t, panes, 1)
	for _, pane := range panes {
		assert.Equal(t, "${traces}", pane.Datasource)
		assert.Equal(t, "${__from}", pane.Range.From)
		require.Len(t, pane.Queries, 1)
		assert.Equal(t, "traceql", pane.Queries[0].QueryType)
		assert.Regexp(t, `^\{ .*span\..* = ".*" .*\}$`, pane.Queries[0].Query)
	}
}

// TestGrid has all panels within the grid and none over another.
func TestGrid(t *testing.T) {
	for uid, b := range boards(t) {
		taken := map[[2]int]string{}
		for _, p := range b.Panels {
			g := p.GridPos
			require.Positive(t, g.W*g.H, p.Title)
			require.LessOrEqual(t, g.X+g.W, 24, p.Title)
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					require.Empty(t, taken[[2]int{x, y}], "%s: %s lies over it at %d, %d", uid, p.Title, x, y)
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}

// TestEveryIntentHasAPanel holds the boards against the 22 panels that users of the
// predecessor had, by their names there.
func TestEveryIntentHasAPanel(t *testing.T) {
	all := boards(t)
	for _, intent := range []struct{ uid, was, is string }{
		{"workflow-overview", "Request Rate (RPS)", "Runs by outcome"},
		{"workflow-overview", "Active Requests", "Runs in flight"},
		{"workflow-overview", "Latency Percentiles", "Latency percentiles"},
		{"workflow-overview", "Success Rate", "Success rate"},
		{"workflow-overview", "Error Rate", "Failed runs"},
		{"workflow-overview", "Throughput by Primitive", "Throughput"},
		{"slo-tracking", "SLO Compliance", "Compliance above target"},
		{"slo-tracking", "Error Budget Remaining", "Error budget left"},
		{"slo-tracking", "SLO Compliance Over Time", "Compliance"},
		{"slo-tracking", "Error Budget Burn Rate (1h)", "Burn rate, 1 h"},
		{"slo-tracking", "Error Budget Trend", "Error budget over time"},
		{"slo-tracking", "SLO Violations", "Objectives missed now"},
		{"slo-tracking", "Latency vs SLO Threshold", "Latency and its threshold"},
		{"cost-tracking", "Total Cost", "Spent"},
		{"cost-tracking", "Total Savings", "Saved"},
		{"cost-tracking", "Savings Rate", "Savings rate"},
		{"cost-tracking", "Cost Efficiency Score", "A successful run"},
		{"cost-tracking", "Cost Over Time", "Cost an hour"},
		{"cost-tracking", "Savings Over Time", "Savings an hour"},
		{"cost-tracking", "Cost by Primitive", "Cost by workflow"},
		{"cost-tracking", "Savings by Primitive", "Savings by workflow"},
		{"cost-tracking", "Cost Breakdown Table", "Workflows"},
	} {
		assert.True(t, slices.ContainsFunc(all[intent.uid].Panels, func(p panel) bool { return p.Title == intent.is }),
			"%s: %q has become %q, which is not there", intent.uid, intent.was, intent.is)
	}
}

func TestLatencyShowsExemplars(t *testing.T) {
	shown := map[string]bool{}
	for _, q := range queries(t) {
		shown[q.Panel] = shown[q.Panel] || q.Exemplar
	}
	for _, title := range []string{
		"Latency percentiles", "Latency", "p95 by outcome", "Step duration", "Duration of model calls",
		"Duration of tool calls", "Cost of a run", "Latency and its threshold",
	} {
		assert.True(t, shown[title], title)
	}
}

func TestBind(t *testing.T) {
	got, err := dashboards.Bind(`rate(a{b=~"$workflow|"}[$interval])`, map[string]string{"workflow": "x", "interval": "5m"})
	require.NoError(t, err)
	assert.Equal(t, `rate(a{b=~"x|"}[5m])`, got)
	_, err = dashboards.Bind(`a{b="$x",c="$y"}`, map[string]string{"y": ""})
	assert.EqualError(t, err, `a{b="$x",c="$y"}: no value for $x`)
}

func TestQueriesAreToldApart(t *testing.T) {
	seen := map[[3]string]bool{}
	empty, instant := 0, 0
	for _, q := range queries(t) {
		key := [3]string{q.Board, q.Panel, q.RefID}
		assert.False(t, seen[key], key)
		seen[key] = true
		if q.MayBeEmpty {
			empty++
		}
		if q.Instant {
			instant++
		}
	}
	assert.Positive(t, instant)
	assert.Less(t, empty, len(seen)/2, "most have something to show")
}
