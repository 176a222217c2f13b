package alerts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

const config = "alertmanager.yml"

// TestCheckConfig loads the configuration as it is, in a folder without a secret.
func TestCheckConfig(t *testing.T) {
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	alone := filepath.Join(t.TempDir(), config)
	require.NoError(t, os.WriteFile(alone, text, 0o600))
	run(t, repo.Tool(t, "tools/alertmanager", "amtool"), "check-config", alone)
}

// teams hear of a category.
var teams = map[string]string{
	"slo": "slo-team", "error_budget": "slo-team", "burn_rate": "slo-team",
	"latency": "performance-team", "throughput": "performance-team", "concurrency": "performance-team",
	"cost": "cost-team", "budget": "cost-team", "anomaly": "cost-team", "efficiency": "cost-team",
	"errors": "oncall-team", "availability": "oncall-team", "outage": "oncall-team", "stability": "oncall-team",
	"optimization": "optimization-team",
	"collector":    "platform-team",
}

// TestRoutes asks amtool where each alert goes: one that is critical to the pager, once,
// and every one to the team of its category. None goes where nobody looks.
func TestRoutes(t *testing.T) {
	amtool := repo.Tool(t, "tools/alertmanager", "amtool")
	for name, r := range alerts(t) {
		want := teams[r.Labels["category"]]
		if r.Labels["severity"] == "critical" {
			want = "pager," + want
		}
		got := run(t, amtool, "config", "routes", "test", "--config.file="+config, "alertname="+name, "workflow_name=research",
			"severity="+r.Labels["severity"], "category="+r.Labels["category"])
		assert.Equal(t, want, strings.TrimSpace(got), name)
	}
	assert.Len(t, teams, len(categories))
	got := run(t, amtool, "config", "routes", "test", "--config.file="+config, "severity=warning", "category=nosuch")
	assert.Equal(t, "unrouted", strings.TrimSpace(got))
}

// folder is where the configuration reads secrets.
const folder = "/etc/alertmanager/secrets"

// secret finds the files.
var secret = regexp.MustCompile(folder + `/[a-z_]+`)

// TestSecretsAreListed holds the list at the top of the configuration, and that of the
// guide, to the files that are read.
func TestSecretsAreListed(t *testing.T) {
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	guide, err := os.ReadFile(filepath.Join("..", "docs", "alerting.md"))
	require.NoError(t, err)
	head, body, ok := strings.Cut(string(text), "\nglobal:\n")
	require.True(t, ok)
	read := map[string]bool{}
	for _, file := range secret.FindAllString(body, -1) {
		read[file] = true
		assert.Contains(t, head, file)
		assert.Contains(t, string(guide), file)
	}
	for _, file := range secret.FindAllString(head, -1) {
		assert.True(t, read[file], "%s is listed and never read", file)
	}
}
