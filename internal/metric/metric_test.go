package metric_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
)

// A metric that is in no list would be sent on and never be documented.
func TestEveryMetricIsInOneList(t *testing.T) {
	listed := slices.Concat(metric.Workflow(), metric.SLOCounters(), metric.SLOWindows(), metric.SLODerived(), metric.Sloth(), metric.Pyrra())
	names := map[string]bool{}
	for _, m := range listed {
		assert.False(t, names[m.Name], "%s is listed twice", m.Name)
		names[m.Name] = true
		assert.NotEmpty(t, m.Description, m.Name)
	}
	assert.Len(t, listed, len(declared(t)))
	for _, name := range declared(t) {
		assert.True(t, names[name], "%s is in no list", name)
	}
}

// declared returns the names of the metrics that the sources of the package declare.
func declared(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range f.Decls {
			if vars, ok := d.(*ast.GenDecl); ok && vars.Tok == token.VAR {
				names = append(names, metrics(vars)...)
			}
		}
	}
	return names
}

// metrics returns the names in literals Metric{"workflow.runs", …}.
func metrics(vars *ast.GenDecl) (names []string) {
	for _, spec := range vars.Specs {
		for _, value := range spec.(*ast.ValueSpec).Values {
			literal, ok := value.(*ast.CompositeLit)
			if !ok {
				continue
			}
			if of, ok := literal.Type.(*ast.Ident); ok && of.Name == "Metric" {
				quoted := literal.Elts[0].(*ast.BasicLit).Value
				names = append(names, quoted[1:len(quoted)-1])
			}
		}
	}
	return names
}

func TestDerivedMetricsLeaveTheOriginalAlone(t *testing.T) {
	explicit, windowed := metric.RunDuration.Explicit(), metric.SlothError.Of("30d")
	assert.Equal(t, "workflow.run.duration.explicit", explicit.Name)
	assert.Equal(t, "workflow.run.duration", metric.RunDuration.Name)
	assert.Equal(t, "slo:sli_error:ratio_rate30d", windowed.Name)
	assert.Equal(t, "slo:sli_error:ratio_rate", metric.SlothError.Name)
}

func TestGaugesOfQuantilesAreInTheUnitOfTheirHistogram(t *testing.T) {
	name := metric.Quantile("job.duration")
	assert.Equal(t, "job.duration.quantile", name)
	values, off := metric.Estimate(name, "job.duration", "ms"), metric.Uncertainty(name, "job.duration", "ms")
	assert.Equal(t, metric.Metric{
		Name: "job.duration.quantile", Description: "Quantiles of job.duration.", Unit: "ms",
		Kind: metric.Level, Attributes: []string{"quantile", "window"},
	}, values)
	assert.Equal(t, "job.duration.quantile.error", off.Name)
	assert.Equal(t, values.Attributes, off.Attributes)
	assert.Equal(t, "ms", off.Unit)
}
