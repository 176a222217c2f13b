package docs_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// loader knows the programs that the documentation writes YAML for.
type loader struct{ collector, builder, promtool string }

func newLoader(t *testing.T) loader {
	t.Helper()
	return loader{
		collector: collectortest.Build(t),
		builder:   repo.Tool(t, "tools", "builder"),
		promtool:  repo.Tool(t, "tools/prometheus", "promtool"),
	}
}

// sections are the top-level keys of a collector's configuration.
var sections = []string{"connectors", "exporters", "extensions", "processors", "receivers", "service"}

// load has the program read the text that it is written for, which the top-level
// keys tell, and returns what the program said.
//
//	dist: …                          the builder
//	receivers: exporters: service:   the collector
//	processors: …                    the collector, on top of preset:standalone, or of another
//	                                 that the comment "# on top of preset:<name>" names
//	scrape_configs: …                Prometheus
//	groups: …                        Prometheus, as rules
func (l loader) load(t *testing.T, text string) (string, error) {
	t.Helper()
	conf, err := parse(text)
	if err != nil {
		return "", err
	}
	keys := slices.Sorted(maps.Keys(conf.ToStringMap()))
	switch {
	case slices.Contains(keys, "dist"):
		return l.generate(t, conf)
	case slices.Contains(keys, "scrape_configs"):
		return run(t, l.promtool, "check", "config", "--syntax-only", write(t, text))
	case slices.Contains(keys, "groups"):
		return run(t, l.promtool, "check", "rules", write(t, text))
	case slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(sections, k) }):
		return "", fmt.Errorf("nothing here reads the keys %s: give the block the section it belongs to, such as processors, "+
			"or teach test/docs its shape", strings.Join(keys, ", "))
	case conf.IsSet("receivers") && conf.IsSet("exporters") && conf.IsSet("service"):
		return run(t, l.collector, "validate", "--config", "file:"+write(t, text))
	default:
		return run(t, l.collector, "validate", "--config", base(text), "--config", "file:"+write(t, text))
	}
}

// base returns what a part of a configuration is merged on top of.
func base(text string) string {
	if named := onTopOf.FindStringSubmatch(text); named != nil {
		return named[1]
	}
	return "preset:standalone"
}

var onTopOf = regexp.MustCompile(`(?m)^# on top of (preset:\w+)$`)

func parse(text string) (*confmap.Conf, error) {
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
	if err != nil {
		return nil, err
	}
	return retrieved.AsConf()
}

// generate has the builder write the sources of the distribution, which it does
// without a look at the modules.
func (l loader) generate(t *testing.T, conf *confmap.Conf) (string, error) {
	t.Helper()
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(map[string]any{
		"dist": map[string]any{"output_path": filepath.Join(t.TempDir(), "dist")},
	})))
	text, err := json.Marshal(conf.ToStringMap()) // JSON is YAML
	require.NoError(t, err)
	return run(t, l.builder, "--skip-get-modules", "--skip-compilation", "--config", write(t, string(text)))
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "block.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func run(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	return string(out), err
}
