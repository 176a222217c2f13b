package alerts_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// boardTitles are how runbooks call the boards.
var boardTitles = []string{"Workflow overview", "SLO tracking", "Cost tracking"}

// boardOrItalics finds the title of a board, or what stands in italics: a panel or the
// link of one.
var boardOrItalics = regexp.MustCompile(`(` + strings.Join(boardTitles, "|") + `)|\*([^*]+)\*`)

// TestRunbookPanels looks up each panel on the board that is named before it.
func TestRunbookPanels(t *testing.T) {
	titles := titlesOfBoards(t)
	found := 0
	for name, text := range readRunbooks(t) {
		on := ""
		for _, m := range boardOrItalics.FindAllStringSubmatch(text, -1) {
			if m[1] != "" {
				on = m[1]
				continue
			}
			found++
			assert.True(t, titles[on][m[2]], "%s: board %q has no %s", name, on, m[2])
		}
	}
	assert.NotZero(t, found)
}

var (
	code = regexp.MustCompile("`([^`]+)`")
	// metric is the name of a metric of ours, and query what can only be PromQL.
	metric = regexp.MustCompile(`^(workflow|slo|collector|otelcol)[_:][a-z0-9_:]+$`)
	query  = regexp.MustCompile(`^[a-z_ ]+[({].*[)}]|==`)
)

// TestRunbookQueries parses each query and looks up each metric, as TestMetricsExist
// does for the rules.
func TestRunbookQueries(t *testing.T) {
	known, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	exists := func(name string) bool {
		for _, r := range rules(t, "recording-rules.yml") {
			if r.Record == name {
				return true
			}
		}
		return name == "up" || known.Knows(name)
	}
	queries := 0
	for name, text := range readRunbooks(t) {
		for _, m := range code.FindAllStringSubmatch(text, -1) {
			if metric.MatchString(m[1]) {
				assert.True(t, exists(m[1]), "%s: there is no metric %s", name, m[1])
			}
			if !query.MatchString(m[1]) {
				continue
			}
			queries++
			expr, err := parser.NewParser(parser.Options{}).ParseExpr(m[1])
			require.NoError(t, err, "%s: %s", name, m[1])
			for _, selectors := range parser.ExtractSelectors(expr) {
				for _, s := range selectors {
					assert.True(t, s.Name != "__name__" || exists(s.Value), "%s: there is no metric %s", name, s.Value)
				}
			}
		}
	}
	assert.NotZero(t, queries)
}

// readRunbooks returns the runbooks by the names of their alerts, each without breaks
// of lines.
func readRunbooks(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("runbooks", "*.md"))
	require.NoError(t, err)
	out := make(map[string]string)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		out[filepath.Base(file)] = strings.Join(strings.Fields(string(text)), " ")
	}
	return out
}

// titlesOfBoards returns the titles of the panels of each board and of their links.
func titlesOfBoards(t *testing.T) map[string]map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "dashboards", "*.json"))
	require.NoError(t, err)
	out := make(map[string]map[string]bool)
	for _, file := range files {
		var b struct {
			Title  string
			Panels []struct {
				Title, Type string
				FieldConfig struct {
					Defaults struct{ Links []struct{ Title string } }
				}
			}
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &b), file)
		titles := make(map[string]bool)
		for _, p := range b.Panels {
			if p.Type == "row" {
				continue
			}
			titles[p.Title] = true
			for _, l := range p.FieldConfig.Defaults.Links {
				titles[l.Title] = true
			}
		}
		out[b.Title] = titles
	}
	assert.Len(t, out, len(boardTitles))
	return out
}
