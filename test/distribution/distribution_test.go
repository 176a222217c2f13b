package distribution_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/goleak"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/markdown"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const section = "Use one component in your own distribution"

// TestDistributionOfTheReadme builds the distribution that the README shows, with the
// pinned builder, and has it turn a span into metrics.
func TestDistributionOfTheReadme(t *testing.T) {
	repo.Watch(t)
	binary := build(t, snippet(t))

	cmd := exec.CommandContext(t.Context(), binary, "validate", "--config", "preset:standalone")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))

	c := collectortest.Start(t, binary, "standalone", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	require.Equal(t, 200, c.Send(t, []byte(span)))
	assert.Eventually(t, func() bool {
		return counted.MatchString(c.Scrape(t, c.Metrics))
	}, time.Minute, 100*time.Millisecond)
	assert.NoError(t, c.Stop())
}

// snippet returns the builder's configuration that the README shows.
func snippet(t *testing.T) map[string]any {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(repo.Root(t), "README.md"))
	require.NoError(t, err)
	blocks, err := markdown.Blocks("README.md", string(readme))
	require.NoError(t, err)
	for _, b := range blocks {
		if b.Section == section && b.Language == "yaml" {
			retrieved, err := confmap.NewRetrievedFromYAML([]byte(b.Text))
			require.NoError(t, err, b)
			conf, err := retrieved.AsConf()
			require.NoError(t, err, b)
			return conf.ToStringMap()
		}
	}
	require.Fail(t, "README.md has no yaml block under "+section)
	return nil
}

// build builds the distribution from the sources as they are here instead of from
// those of a release, and returns the path of the binary.
func build(t *testing.T, config map[string]any) string {
	t.Helper()
	dist, ok := config["dist"].(map[string]any)
	require.True(t, ok, "the configuration has no dist")
	folder := filepath.Join(t.TempDir(), "dist")
	dist["output_path"] = folder
	config["replaces"] = []string{"github.com/tta-dev/otelcol-workflow => " + repo.Root(t)}
	text, err := json.Marshal(config) // JSON is YAML
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "builder-config.yaml")
	require.NoError(t, os.WriteFile(path, text, 0o600))

	cmd := exec.CommandContext(t.Context(), repo.Tool(t, "tools", "builder"), "--config", path)
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	name, ok := dist["name"].(string)
	require.True(t, ok, "the distribution has no name")
	return filepath.Join(folder, name)
}
