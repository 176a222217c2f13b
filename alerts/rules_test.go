package alerts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// rule is one of a rule file, either recorded or an alert.
type rule struct {
	Record      string            `yaml:"record"`
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// files are the rule files, with how many alerts each has.
var files = map[string]int{
	"recording-rules.yml":     0,
	"slo-alerts.yml":          7,
	"performance-alerts.yml":  8,
	"cost-alerts.yml":         9,
	"availability-alerts.yml": 8,
	"collector-alerts.yml":    25,
}

// rules returns those of a file.
func rules(t *testing.T, file string) []rule {
	t.Helper()
	var doc struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, file, &doc)
	var out []rule
	for _, g := range doc.Groups {
		out = append(out, g.Rules...)
	}
	return out
}

// alerts returns the alerts of all files by name.
func alerts(t *testing.T) map[string]rule {
	t.Helper()
	out := map[string]rule{}
	for file, want := range files {
		n := 0
		for _, r := range rules(t, file) {
			if r.Alert == "" {
				continue
			}
			n++
			assert.NotContains(t, out, r.Alert, "an alert of that name is there twice")
			out[r.Alert] = r
		}
		assert.Equal(t, want, n, "alerts of %s", file)
	}
	return out
}

func readYAML(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, to), file)
}

// TestRuleFiles makes sure that no rule file is left out by the tests.
func TestRuleFiles(t *testing.T) {
	found, err := filepath.Glob("*-*.yml")
	require.NoError(t, err)
	for _, file := range found {
		assert.Contains(t, files, file)
	}
	assert.Len(t, found, len(files))
}

// severities and categories are what the routes know.
var (
	severities = []string{"critical", "warning", "info"}
	categories = []string{
		"slo", "error_budget", "burn_rate", "latency", "throughput", "concurrency", "cost", "budget", "anomaly",
		"optimization", "efficiency", "errors", "availability", "outage", "stability", "collector",
	}
)

const runbooks = "https://github.com/tta-dev/otelcol-workflow/blob/main/alerts/runbooks/"

func TestLabelsAndAnnotations(t *testing.T) {
	for name, r := range alerts(t) {
		assert.Regexp(t, `^[A-Z][A-Za-z0-9]+$`, name)
		assert.Contains(t, severities, r.Labels["severity"], name)
		assert.Contains(t, categories, r.Labels["category"], name)
		assert.Len(t, r.Labels, 2, name)
		assert.NotEmpty(t, r.Annotations["summary"], name)
		assert.NotEmpty(t, r.Annotations["description"], name)
		assert.Equal(t, runbooks+name+".md", r.Annotations["runbook_url"], name)
		if url, ok := r.Annotations["dashboard_url"]; ok {
			assert.Regexp(t, `^/d/(workflow-overview|slo-tracking|cost-tracking)(\?var-workflow=.*)?$`, url, name)
		}
	}
}

// sections are what every runbook answers.
var sections = []string{"## What it means", "## What users feel", "## Look at", "## Do", "## When it is false"}

// TestRunbooks has one for each alert and none beside, in which nothing is missing.
func TestRunbooks(t *testing.T) {
	all := alerts(t)
	for name, r := range all {
		text, err := os.ReadFile(filepath.Join("runbooks", name+".md"))
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(text), "# "+name+"\n"), "%s: the title", name)
		assert.Contains(t, string(text), r.Labels["severity"], name)
		for _, s := range sections {
			_, body, ok := strings.Cut(string(text), "\n"+s+"\n")
			assert.True(t, ok, "%s has no %q", name, s)
			body, _, _ = strings.Cut(body, "\n## ")
			assert.NotEmpty(t, strings.TrimSpace(body), "%s: %s says nothing", name, s)
		}
	}
	found, err := os.ReadDir("runbooks")
	require.NoError(t, err)
	assert.Len(t, found, len(all))
}

// TestMetricsExist looks up all that the rules ask for: recorded names in the rules,
// all others in docs/metrics.md.
func TestMetricsExist(t *testing.T) {
	known, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	recorded := map[string]bool{}
	for _, r := range rules(t, "recording-rules.yml") {
		recorded[r.Record] = true
	}
	used := map[string]bool{}
	for file := range files {
		for _, r := range rules(t, file) {
			expr, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr)
			require.NoError(t, err, r.Expr)
			for _, selectors := range parser.ExtractSelectors(expr) {
				for _, m := range selectors {
					if m.Name == "__name__" {
						used[m.Value] = true
						assert.True(t, m.Value == "up" || recorded[m.Value] || known.Knows(m.Value), "%s%s: there is no metric %s", r.Alert, r.Record, m.Value)
					}
				}
			}
		}
	}
	for name := range recorded {
		// A contract with queries of users; no alert of ours needs it.
		if name != "slo:error_budget_remaining:ratio" {
			assert.True(t, used[name], "%s is recorded, and no rule uses it", name)
		}
	}
}

// knob finds a threshold in the table of docs/alerting.md.
var knob = regexp.MustCompile("(?m)^\\| `([a-z_]+:threshold:[a-z0-9_]+)` \\| ([0-9.]+) \\|")

// TestKnobs holds the table of thresholds to the rules: all of them, and their values.
func TestKnobs(t *testing.T) {
	want := map[string]string{}
	for _, r := range rules(t, "recording-rules.yml") {
		if !strings.Contains(r.Record, ":threshold:") {
			continue
		}
		value := strings.TrimPrefix(r.Expr, "workflow:seen:info * ")
		want[r.Record] = strings.TrimSuffix(strings.TrimPrefix(value, "vector("), ")")
	}
	text, err := os.ReadFile(filepath.Join("..", "docs", "alerting.md"))
	require.NoError(t, err)
	got := map[string]string{}
	for _, row := range knob.FindAllStringSubmatch(string(text), -1) {
		got[row[1]] = row[2]
	}
	assert.Equal(t, want, got)
}
