package archtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRepository(t *testing.T) {
	repository, err := read(os.DirFS("../.."))
	require.NoError(t, err)

	domain := 0
	for _, f := range repository.files {
		if domainOf(f.dir) != "" {
			domain++
		}
	}
	require.NotZero(t, domain, "the rules were checked against nothing")
	for _, wrong := range violations(repository) {
		t.Error(wrong)
	}
}

// repo is a repository in which one file imports one path.
func repo(t *testing.T, file, imported string) tree {
	t.Helper()
	fsys := fstest.MapFS{
		"go.mod":               {Data: []byte("module example.org/it\n\ngo 1.26\n")},
		"sdk/go.mod":           {Data: []byte("module example.org/it/sdk\n")},
		"sdk/otelsetup/go.mod": {Data: []byte("module example.org/it/sdk/otelsetup\n")},
		"examples/go.mod":      {Data: []byte("module example.org/it/examples\n")},
		"tools/.keep/bad.go":   {Data: []byte("no Go at all")},
		"a/testdata/bad.go":    {Data: []byte("package util")},
		file:                   {Data: fmt.Appendf(nil, "package p\n\nimport _ %q\n\nfunc half(", imported)},
	}
	repository, err := read(fsys)
	require.NoError(t, err)
	require.Len(t, repository.files, 1)
	return repository
}

func TestImports(t *testing.T) {
	const ok, bad = "", "bad"
	for _, tc := range []struct{ file, imported, want string }{
		// The domain knows the standard library and the neighbours it was given.
		{"internal/series/x.go", "hash/maphash", ok},
		{"internal/series/x.go", "example.org/it/internal/flow", bad},
		{"internal/series/x.go", "github.com/stretchr/testify/assert", bad},
		{"internal/series/x_test.go", "github.com/stretchr/testify/assert", ok},
		{"internal/flow/x.go", "example.org/it/internal/series", ok},
		{"internal/flow/x.go", "example.org/it/internal/semconv", ok},
		{"internal/flow/x.go", "example.org/it/internal/tally", bad},
		{"internal/flow/x_test.go", "example.org/it/internal/tally", ok},
		{"internal/flow/x.go", "example.org/it/internal/otlp", bad},
		{"internal/flow/x_test.go", "example.org/it/internal/otlp", bad},
		{"internal/flow/dialect/x.go", "example.org/it/internal/flow", ok},
		{"internal/flow/dialect/x.go", "example.org/it/internal/exphist", bad},
		{"internal/flight/x.go", "example.org/it/internal/flow", ok},
		{"internal/flight/x.go", "example.org/it/internal/exphist", bad},
		{"internal/tally/x.go", "example.org/it/internal/flight", ok},
		{"internal/tally/x.go", "example.org/it/internal/exphist", ok},
		{"internal/tally/x.go", "example.org/it/internal/cost", bad},
		{"internal/semconv/x.go", "example.org/it/internal/series", bad},
		{"internal/cost/x.go", "example.org/it/internal/slo", bad},
		{"internal/cost/x.go", "example.org/it", bad},
		{"internal/costly/x.go", "example.org/it/internal/slo", ok}, // no domain, only spelt like one

		// No file of the domain knows OpenTelemetry, tests included.
		{"internal/slo/x_test.go", "go.opentelemetry.io/collector/pdata/pmetric", bad},
		{"internal/exphist/x_test.go", "go.opentelemetry.io/otel", bad},
		{"internal/otlp/x.go", "go.opentelemetry.io/collector/pdata/pmetric", ok},
		{"internal/exphist/x_test.go", "go.opentelemetry.io.example.org/otel", ok},

		// Components know the domain, not each other; nothing inside knows a component.
		{"processor/slo/x.go", "example.org/it/internal/slo", ok},
		{"processor/slo/x.go", "example.org/it/processor/slo/internal/metadata", ok},
		{"processor/slo/x.go", "example.org/it/processor/sloth", bad},
		{"processor/slo/x_test.go", "example.org/it/connector/workflowmetrics", bad},
		{"connector/workflowmetrics/internal/metadata/x.go", "example.org/it/processor/slo", bad},
		{"provider/preset/x.go", "example.org/it/connector/workflowmetrics", bad},
		{"provider/preset/x.go", "example.org/it/config", ok},
		{"internal/otlp/x.go", "example.org/it/processor/slo", bad},
		{"cmd/collector/x.go", "example.org/it/processor/slo", ok},
		{"test/e2e/x_test.go", "example.org/it/connector/workflowmetrics", ok},

		// The sdk and the root module do not know each other; the examples know the sdk.
		{"sdk/workflow/x.go", "example.org/it/sdk/semconv", ok},
		{"sdk/workflow/x.go", "example.org/it/internal/semconv", bad},
		{"sdk/workflow/x_test.go", "example.org/it/internal/semconv", bad},
		{"sdk/otelsetup/x.go", "example.org/it", bad},
		{"sdk/otelsetup/x.go", "example.org/it/sdk/workflow", ok},
		{"connector/workflowmetrics/x.go", "example.org/it/sdk/semconv", bad},
		{"test/e2e/x_test.go", "example.org/it/sdk/workflow", bad},
		{"x.go", "example.org/it/sdk", bad},
		{"x.go", "example.org/it/sdkx", ok},
		{"examples/pipeline/x.go", "example.org/it/sdk/workflow", ok},
	} {
		t.Run(tc.file+" "+tc.imported, func(t *testing.T) {
			got := violations(repo(t, tc.file, tc.imported))
			if tc.want == ok {
				assert.Empty(t, got)
				return
			}
			require.NotEmpty(t, got)
			assert.True(t, strings.HasPrefix(got[0], tc.file+": "), "%q names the file", got[0])
			assert.Contains(t, got[0]+"/", strings.TrimPrefix(tc.imported, "example.org/it/"), "and what is wrong")
		})
	}
}

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		file, clause string
		want         bool
	}{
		{"internal/series/x.go", "series", true},
		{"internal/util/x.go", "text", false},
		{"internal/text/x.go", "util", false},
		{"internal/text/x_test.go", "helpers_test", false},
		{"sdk/common/text/x.go", "text", false},
		{"internal/utility/x.go", "utility", true},
	} {
		repository, err := read(fstest.MapFS{
			"go.mod": {Data: []byte("module example.org/it\n")},
			tc.file:  {Data: []byte("package " + tc.clause + "\n")},
		})
		require.NoError(t, err)
		assert.Equal(t, tc.want, len(violations(repository)) == 0, "%s, package %s", tc.file, tc.clause)
	}
}

func TestReadRefusesWhatItCannotJudge(t *testing.T) {
	const goMod = "module example.org/it\n"
	for name, fsys := range map[string]fstest.MapFS{
		"no go.mod":            {"x.go": {Data: []byte("package p\n")}},
		"go.mod names nothing": {"go.mod": {Data: []byte("go 1.26\n")}},
		"no Go":                {"go.mod": {Data: []byte(goMod)}, "x.go": {Data: []byte("pakage p\n")}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(fsys)
			assert.Error(t, err)
		})
	}
}
