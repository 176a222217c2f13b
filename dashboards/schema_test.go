package dashboards_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// TestSchema has the compiler of TypeScript hold the boards against the types that Grafana
// publishes: testdata/schema/schema.ts. It needs node and npm, and asks npm for the two
// packages of testdata/schema/package.json when build/ has them not.
func TestSchema(t *testing.T) {
	folder := filepath.Join(repo.Root(t), "build", "dashboards-schema")
	install(t, folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "boards.ts"), typed(t), 0o600))
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "node_modules", ".bin", "tsc"), "--pretty", "false", "-p", folder)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// install copies testdata/schema into the folder and, unless they are there, has npm put
// the pinned packages beside it.
func install(t *testing.T, folder string) {
	t.Helper()
	const from = "testdata/schema"
	lock, err := os.ReadFile(filepath.Join(from, "package-lock.json"))
	require.NoError(t, err)
	installed, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	current := err == nil && bytes.Equal(installed, lock)
	require.NoError(t, os.MkdirAll(folder, 0o750))
	entries, err := os.ReadDir(from)
	require.NoError(t, err)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, e.Name()), text, 0o600))
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", ".bin", "tsc")); err == nil && current {
		return
	}
	_, err = exec.LookPath("npm")
	require.NoError(t, err, "install node and npm (Debian: apt-get install nodejs npm): TypeScript holds the boards against Grafana's types")
	t.Log("npm installs @grafana/schema and typescript into", folder)
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// typed returns the boards and their parts as constants, each of the type that it must be
// of.
func typed(t *testing.T) []byte {
	t.Helper()
	paths, err := filepath.Glob("*.json")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	w := &typedWriter{}
	w.line("import type { AnyPanel, Board, Custom, Options, Row, Target, Variable } from './schema';")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var b struct {
			Templating struct{ List []json.RawMessage }
			Panels     []json.RawMessage
		}
		require.NoError(t, json.Unmarshal(text, &b))
		w.line("// " + path)
		w.constant("Board", text)
		for _, v := range b.Templating.List {
			w.constant("Variable", v)
		}
		for _, p := range b.Panels {
			w.panel(t, p)
		}
	}
	return w.Bytes()
}

// typedWriter writes constants, which are told apart by their number.
type typedWriter struct {
	bytes.Buffer
	n int
}

func (w *typedWriter) line(text string) { w.WriteString(text + "\n") }

func (w *typedWriter) constant(kind string, value []byte) {
	w.n++
	w.line(fmt.Sprintf("export const c%d: %s = %s;", w.n, kind, bytes.TrimSpace(value)))
}

// withCustom are the types of panels that have an own way to draw fields.
var withCustom = map[string]bool{"heatmap": true, "state-timeline": true, "table": true, "timeseries": true}

func (w *typedWriter) panel(t *testing.T, text []byte) {
	t.Helper()
	var p struct {
		Type, Title string
		Options     json.RawMessage
		Targets     []json.RawMessage
		FieldConfig struct {
			Defaults struct{ Custom json.RawMessage }
		}
	}
	require.NoError(t, json.Unmarshal(text, &p))
	w.line("// " + strings.ReplaceAll(p.Title, "\n", " "))
	if p.Type == "row" {
		w.constant("Row", text)
		return
	}
	w.constant("AnyPanel", text)
	w.constant(fmt.Sprintf("Options[%q]", p.Type), p.Options)
	custom := p.FieldConfig.Defaults.Custom
	require.Equal(t, withCustom[p.Type], custom != nil, "%s, of %v", p.Title, slices.Sorted(maps.Keys(withCustom)))
	if custom != nil {
		w.constant(fmt.Sprintf("Custom[%q]", p.Type), custom)
	}
	for _, target := range p.Targets {
		w.constant("Target", target)
	}
}
