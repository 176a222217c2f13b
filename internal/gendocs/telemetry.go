package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// metadata is what is read of a metadata.yaml.
type metadata struct {
	Attributes map[string]struct {
		Description string   `yaml:"description"`
		Enum        []string `yaml:"enum"`
	} `yaml:"attributes"`
	Telemetry struct {
		Metrics map[string]instrument `yaml:"metrics"`
	} `yaml:"telemetry"`
}

// instrument is a metric of a component about itself.
type instrument struct {
	Enabled     bool           `yaml:"enabled"`
	Description string         `yaml:"description"`
	Unit        string         `yaml:"unit"`
	Prefix      string         `yaml:"prefix"`
	Sum         map[string]any `yaml:"sum"`
	Gauge       map[string]any `yaml:"gauge"`
	Attributes  []string       `yaml:"attributes"`
}

func read(folder string) (*metadata, error) {
	data, err := os.ReadFile(filepath.Join(folder, "metadata.yaml"))
	if err != nil {
		return nil, err
	}
	var m metadata
	if err := yaml.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	if len(m.Telemetry.Metrics) == 0 {
		return nil, fmt.Errorf("%s: its metadata.yaml has no metrics", folder)
	}
	return &m, nil
}

// own is the table of what a component of ours tells of itself, with its attributes.
func (p *page) own(folder string) (string, error) {
	m, err := read(filepath.Join(p.root, filepath.FromSlash(folder)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(m.table(func(string) bool { return true }))
	if len(m.Attributes) == 0 {
		return out.String(), nil
	}
	out.WriteString("\n\n")
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		a := m.Attributes[name]
		fmt.Fprintf(&out, "- `%s`: %s", name, a.Description)
		if len(a.Enum) > 0 {
			fmt.Fprintf(&out, " One of %s.", codes(a.Enum))
		}
		out.WriteByte('\n')
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// upstream is the table of what a module of the Collector tells of itself, at the version that
// go.mod pins. Logs and profiles do not reach our components.
func (p *page) upstream(module string) (string, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module) //nolint:noctx,gosec // the modules are those that the page names
	cmd.Dir = p.root
	folder, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", module, err)
	}
	m, err := read(strings.TrimSpace(string(folder)))
	if err != nil {
		return "", err
	}
	return m.table(func(name string) bool {
		return !strings.HasSuffix(name, "_log_records") && !strings.HasSuffix(name, "_profile_samples")
	}), nil
}

func (m *metadata) table(wanted func(name string) bool) string {
	var out strings.Builder
	out.WriteString("| In Prometheus | Kind, unit | Attributes | Meaning |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(m.Telemetry.Metrics)) {
		i := m.Telemetry.Metrics[name]
		if !i.Enabled || i.Prefix != "" || !wanted(name) {
			continue
		}
		fmt.Fprintf(&out, "| `otelcol_%s` | %s %s | %s | %s |\n", name, i.kind(), code(cmp.Or(i.Unit, "1")), codes(i.Attributes), i.Description)
	}
	return strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), "|  |", "| |")
}

func (i *instrument) kind() string {
	switch {
	case i.Gauge != nil, i.Sum != nil && i.Sum["monotonic"] != true:
		return "gauge"
	case i.Sum != nil:
		return "counter"
	default:
		return "histogram"
	}
}
