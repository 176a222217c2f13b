package alerts_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

func TestCheckRules(t *testing.T) {
	args := append([]string{"check", "rules", "--lint=all", "--lint-fatal"}, slices.Sorted(maps.Keys(files))...)
	run(t, repo.Tool(t, "tools/prometheus", "promtool"), args...)
}

// TestRules runs every file of tests/.
func TestRules(t *testing.T) {
	promtool := repo.Tool(t, "tools/prometheus", "promtool")
	for _, file := range testFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			run(t, promtool, "test", "rules", file)
		})
	}
}

// kinds are the kinds of tests that every alert must have, as the names of the tests begin.
var kinds = []string{"fires", "quiet", "idle", "vanished"}

// TestEveryAlertIsTested counts, for each alert, the tests in which it fires with its
// labels and annotations, those in which it must not, those of an idle workflow and those
// of series that are gone.
func TestEveryAlertIsTested(t *testing.T) {
	counts := map[string]map[string]int{}
	for name := range alerts(t) {
		counts[name] = map[string]int{}
	}
	for _, file := range testFiles(t) {
		for _, group := range testGroups(t, file) {
			kind, _, ok := strings.Cut(group.Name, ": ")
			require.True(t, ok && slices.Contains(kinds, kind), "%s: %q begins with none of %v", file, group.Name, kinds)
			for _, c := range group.Alerts {
				require.Contains(t, counts, c.Name, "%s: %q", file, group.Name)
				countCase(t, counts[c.Name], kind, c)
			}
		}
	}
	total := map[string]int{}
	for name, n := range counts {
		for _, kind := range kinds {
			total[kind] += n[kind]
			assert.Positive(t, n[kind], "%s has no test of the kind %q", name, kind)
		}
	}
	t.Logf("%d alerts, tests: %v", len(counts), total)
}

// countCase counts a case under the kind of its group. One that expects nothing in a test
// in which others fire is a quiet one, and one that fires is told apart in every group.
func countCase(t *testing.T, counts map[string]int, kind string, c alertCase) {
	t.Helper()
	for _, e := range c.Expected {
		assert.NotEmpty(t, e.Labels["severity"], c.Name)
		assert.NotEmpty(t, e.Annotations["summary"], c.Name)
	}
	switch {
	case kind == "idle" || kind == "vanished":
		counts[kind]++
	case len(c.Expected) > 0:
		counts["fires"]++
	default:
		counts["quiet"]++
	}
}

// testGroup is one test of a file of promtool, as far as it is about alerts.
type testGroup struct {
	Name   string      `yaml:"name"`
	Alerts []alertCase `yaml:"alert_rule_test"`
}

type alertCase struct {
	Name     string `yaml:"alertname"`
	Expected []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

func testGroups(t *testing.T, file string) []testGroup {
	t.Helper()
	var doc struct {
		Tests []testGroup `yaml:"tests"`
	}
	readYAML(t, file, &doc)
	return doc.Tests
}

func testFiles(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("tests", "*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}

// run runs a program in this folder and returns what it printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}
