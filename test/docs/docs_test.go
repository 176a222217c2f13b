package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/markdown"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// pages are those of the components that make metrics.
var pages = []string{
	filepath.Join("connector", "workflowmetrics", "README.md"),
	filepath.Join("processor", "percentileprocessor", "README.md"),
	filepath.Join("processor", "sloprocessor", "README.md"),
}

// mustHave are files which have blocks, so that a scan that finds none is noticed.
var mustHave = append([]string{"README.md", filepath.Join("processor", "costprocessor", "README.md")}, pages...)

// TestYAML loads every yaml block of every Markdown file, having made sure that what
// cannot be loaded is refused.
func TestYAML(t *testing.T) {
	l := newLoader(t)
	t.Run("good and bad ones", func(t *testing.T) { testLoad(t, l) })
	seen := map[string]bool{}
	for _, b := range blocks(t, "yaml", "yml") {
		seen[b.File] = true
		t.Run(b.String(), func(t *testing.T) {
			out, err := l.load(t, b.Text)
			assert.NoError(t, err, out)
		})
	}
	for _, file := range mustHave {
		assert.True(t, seen[file], "%s has no yaml block", file)
	}
}

// testLoad has a good and a bad block of every shape.
func testLoad(t *testing.T, l loader) {
	t.Helper()
	for _, tc := range []struct {
		name, text, refusal string // no refusal: it loads
	}{
		{"part of a collector's", "connectors: {workflow_metrics: {flush_interval: 1s}}", ""},
		{"part of a collector's, unknown key", "connectors: {workflow_metrics: {flush_intervall: 1s}}", "flush_intervall"},
		{"part of a collector's, unknown component", "processors: {nosuch: {}}", "nosuch"},
		{"whole collector's", "{receivers: {otlp: {protocols: {grpc: {}}}}, exporters: {debug: {}}, service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}}", ""},
		{"whole collector's, not with the preset's", "{receivers: {otlp: {protocols: {grpc: {}}}}, exporters: {debug: {}}, service: {pipelines: {traces: {receivers: [otlp], exporters: [workflow_metrics]}}}}", "workflow_metrics"},
		{"pipelines of the preset's", "service: {pipelines: {metrics: {receivers: [workflow_metrics, otlp], exporters: [prometheus]}}}", ""},
		{"pipelines of another preset's", "# on top of preset:sidecar\nservice: {pipelines: {traces: {exporters: [otlp_grpc]}}}", ""},
		{"pipelines of another preset's, unnamed", "service: {pipelines: {traces: {exporters: [otlp_grpc]}}}", "otlp_grpc"},
		{"on top of no preset", "# on top of preset:nosuch\nexporters: {debug: {}}", "nosuch"},
		{"builder's", "{dist: {name: x}, receivers: [{gomod: example.com/r v1.0.0}]}", ""},
		{"builder's, no version", "{dist: {name: x}, receivers: [{import: example.com/r}]}", "gomod"},
		{"Prometheus's", "scrape_configs: [{job_name: a, scrape_native_histograms: true}]", ""},
		{"Prometheus's, unknown key", "scrape_configs: [{job_nam: a}]", "job_nam"},
		{"rules", "groups: [{name: a, rules: [{record: b, expr: sum(c)}]}]", ""},
		{"rules, no expression", "groups: [{name: a, rules: [{record: b, expr: sum(}]}]", "parse error"},
		{"of another shape", "{otlp: {protocols: {}}, prometheus: 1}", "otlp, prometheus"},
		{"not a map", "- a", "cannot be used as a Conf"},
		{"not YAML", "a: [", "yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := l.load(t, tc.text)
			if tc.refusal == "" {
				assert.NoError(t, err, out)
				return
			}
			require.Error(t, err, out)
			assert.Contains(t, out+err.Error(), tc.refusal)
		})
	}
}

// blocks returns the blocks of all Markdown files that are in one of the languages.
func blocks(t *testing.T, languages ...string) []markdown.Block {
	t.Helper()
	root := repo.Root(t)
	var out []markdown.Block
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || path == filepath.Join(root, "build")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		found, err := markdown.Blocks(file, string(text))
		out = append(out, slices.DeleteFunc(found, func(b markdown.Block) bool { return !slices.Contains(languages, b.Language) })...)
		return err
	}))
	return out
}
