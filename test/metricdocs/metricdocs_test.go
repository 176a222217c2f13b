package metricdocs

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

const page = "# A\n" +
	"## Of the one\n" +
	"On every series: `a.b`, `c`.\n" +
	"| Metric | In Prometheus | Kind, unit | Attributes | Meaning | There when |\n" +
	"|---|---|---|---|---|---|\n" +
	"| `x.y` | `x_y_seconds` | histogram `s` | | How long. | always |\n" +
	"| `z<window>` | `z<window>` | gauge | `d` | Z. | always |\n" +
	"\n" +
	"| Attribute | Label | Meaning |\n|---|---|---|\n| `a.b` | `a_b` | A. |\n" +
	"## Itself\n" +
	"| In Prometheus | Kind, unit | Attributes | Meaning |\n" +
	"|---|---|---|---|\n" +
	"| `own` | counter `{span}` | `e`, `f` | Own. |\n"

func TestRowsAreRead(t *testing.T) {
	assert.Equal(t, Metrics{
		{Section: "Of the one", Name: "x.y", Prometheus: "x_y_seconds", Kind: "histogram", Unit: "s", Common: []string{"a.b", "c"}, Description: "How long."},
		{Section: "Of the one", Name: "z<window>", Prometheus: "z<window>", Kind: "gauge", Attributes: []string{"d"}, Common: []string{"a.b", "c"}, Description: "Z."},
		{Section: "Itself", Prometheus: "own", Kind: "counter", Unit: "{span}", Attributes: []string{"e", "f"}, Description: "Own."},
	}, parse(page))
}

func TestNamesAreKnown(t *testing.T) {
	m := parse(page)
	for name, known := range map[string]bool{
		"x_y_seconds": true, "x_y_seconds_bucket": true, "x_y_seconds_count": true, "x_y_seconds_total": false, "x_y": false,
		"z5m": true, "z30d": true, "z": false, "zm": false, "z5m5m": false,
		"own": true, "own_sum": false, "a_b": false,
	} {
		assert.Equal(t, known, m.Knows(name), name)
	}
}

func TestThePageOfTheRepository(t *testing.T) {
	m, err := Read(repo.Root(t))
	require.NoError(t, err)
	for _, name := range []string{
		"workflow_runs_total", "slo_error_budget_remaining_ratio", "slo:sli_error:ratio_rate30d",
		"otelcol_connector_workflow_metrics_spans", "otelcol_receiver_refused_spans",
	} {
		assert.True(t, m.Knows(name), name)
	}
	_, err = Read(t.TempDir())
	require.Error(t, err)
}
