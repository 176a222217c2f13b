package grafana_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"
)

// encode returns the JSON of a board as Grafana reads it.
func encode(t *testing.T, b grafana.Board) map[string]any {
	t.Helper()
	text, err := b.Encode()
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(text, &out))
	again, err := b.Encode()
	require.NoError(t, err)
	require.Equal(t, string(text), string(again), "the same board gives the same bytes")
	return out
}

// at follows keys and indexes into JSON.
func at(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			require.IsType(t, map[string]any{}, value, step)
			value = value.(map[string]any)[step]
		case int:
			require.IsType(t, []any{}, value, step)
			value = value.([]any)[step]
		}
	}
	return value
}

func TestPanelsFlow(t *testing.T) {
	p := func(w, h int) grafana.Panel {
		return grafana.TimeSeries("x", "s", "y.", grafana.Query("up", "z")).Size(w, h)
	}
	board := encode(t, grafana.Board{UID: "u", Rows: []grafana.Row{
		{Title: "one", Panels: []grafana.Panel{p(12, 8), p(8, 6), p(8, 6), p(24, 7)}},
		{Title: "two", Panels: []grafana.Panel{p(24, 3)}},
		{Title: "none"},
		{Title: "three", Panels: []grafana.Panel{p(1, 1)}},
	}})
	// The first row is the drawing in board.go.
	want := [][4]float64{
		{0, 0, 24, 1},
		{0, 1, 12, 8},
		{12, 1, 8, 6},
		{0, 9, 8, 6},
		{0, 15, 24, 7},
		{0, 22, 24, 1},
		{0, 23, 24, 3},
		{0, 26, 24, 1},
		{0, 27, 24, 1},
		{0, 28, 1, 1},
	}
	panels := board["panels"].([]any)
	require.Len(t, panels, len(want))
	for i, panel := range panels {
		w := want[i]
		assert.Equal(t, map[string]any{"x": w[0], "y": w[1], "w": w[2], "h": w[3]}, at(t, panel, "gridPos"), "panel %d", i)
		assert.InDelta(t, i+1, panel.(map[string]any)["id"], 0, "ids begin at 1 and are unique")
	}
}

func TestTheRefinedPanelIsACopy(t *testing.T) {
	plain := grafana.TimeSeries("x", "s", "y.", grafana.Query("a", "a"), grafana.Query("b", "b"))
	a, b := plain.Dashed("A", "red"), plain.Dashed("B", "blue")
	plain.Size(1, 1).Stacked().Decimals(1).Within(0, 1).Colored(grafana.Steps("red"))
	board := encode(t, grafana.Board{Rows: []grafana.Row{{Panels: []grafana.Panel{plain, a, b}}}})
	assert.Empty(t, at(t, board, "panels", 1, "fieldConfig", "overrides"))
	assert.Equal(t, "A", at(t, board, "panels", 2, "fieldConfig", "overrides", 0, "matcher", "options"))
	assert.Equal(t, "B", at(t, board, "panels", 3, "fieldConfig", "overrides", 0, "matcher", "options"))
	assert.Equal(t, "none", at(t, board, "panels", 1, "fieldConfig", "defaults", "custom", "stacking", "mode"))
	assert.Nil(t, at(t, board, "panels", 1, "fieldConfig", "defaults", "max"))
}

func TestStepsBeginAtTheLowest(t *testing.T) {
	text, err := json.Marshal(grafana.Steps("red", grafana.At(0, "orange"), grafana.At(0.5, "green")))
	require.NoError(t, err)
	assert.JSONEq(t, `[{"value":null,"color":"red"},{"value":0,"color":"orange"},{"value":0.5,"color":"green"}]`, string(text))
}

// TestColumnsOfATable has the results of each query under the head that they were given:
// Grafana names them Value, and of several queries Value #A, Value #B.
func TestColumnsOfATable(t *testing.T) {
	name := grafana.Column{Title: "Name", Label: "name"}
	one := grafana.Column{Title: "One", Expr: "sum by (name) (a)", Unit: "s"}
	two := grafana.Column{Title: "Two", Expr: "sum by (name) (b)", Unit: "short", Steps: grafana.Steps("green")}
	board := encode(t, grafana.Board{Rows: []grafana.Row{{Panels: []grafana.Panel{
		grafana.Table("x", "y.", name, one), grafana.Table("x", "y.", two, name, one),
	}}}})
	const organize = "options"
	assert.Equal(t, map[string]any{"name": "Name", "Value": "One"}, at(t, board, "panels", 1, "transformations", 1, organize, "renameByName"))
	assert.Equal(t, map[string]any{"name": "Name", "Value #A": "Two", "Value #B": "One"}, at(t, board, "panels", 2, "transformations", 1, organize, "renameByName"))
	assert.Equal(t, map[string]any{"name": 1., "Value #A": 0., "Value #B": 2.}, at(t, board, "panels", 2, "transformations", 1, organize, "indexByName"))
	assert.Equal(t, "Two", at(t, board, "panels", 2, "options", "sortBy", 0, "displayName"), "the first values")
	for _, target := range at(t, board, "panels", 2, "targets").([]any) {
		assert.Equal(t, true, at(t, target, "instant"))
		assert.Equal(t, "table", at(t, target, "format"))
	}
	assert.Equal(t, "Two", at(t, board, "panels", 2, "fieldConfig", "overrides", 0, "matcher", "options"))
	assert.Len(t, at(t, board, "panels", 2, "fieldConfig", "overrides", 0, "properties"), 4, "unit and colors")
	assert.Len(t, at(t, board, "panels", 2, "fieldConfig", "overrides", 1, "properties"), 1, "unit")
}

func TestVariables(t *testing.T) {
	board := encode(t, grafana.Board{Variables: []grafana.Variable{
		grafana.DataSource("datasource", "D", "prometheus", "d"),
		grafana.Label("workflow", "W", "workflow_name", `a{b=~"$c"}`, "d"),
		grafana.Interval("interval", "I", "1m,5m", "5m", "d"),
	}})
	list := at(t, board, "templating", "list")
	assert.Equal(t, "prometheus", at(t, list, 0, "query"))
	assert.Equal(t, `label_values(a{b=~"$c"}, workflow_name)`, at(t, list, 1, "query", "query"))
	assert.Equal(t, ".*", at(t, list, 1, "allValue"), "finds series without the label too")
	assert.Equal(t, []any{false, true}, []any{at(t, list, 2, "options", 0, "selected"), at(t, list, 2, "options", 1, "selected")})
	assert.Equal(t, "5m", at(t, list, 2, "current", "value"))
}

// TestKinds looks at what sets the kinds of panels apart.
func TestKinds(t *testing.T) {
	over, now := grafana.Query("up", "l"), grafana.Latest("up", "l")
	for _, tc := range []struct {
		panel grafana.Panel
		kind  string
		path  []any
		want  any
	}{
		{grafana.TimeSeries("x", "s", "y.", over), "timeseries", []any{"targets", 0, "range"}, true},
		{grafana.TimeSeries("x", "s", "y.", over).Exemplars(), "timeseries", []any{"targets", 0, "exemplar"}, true},
		{grafana.TimeSeries("x", "s", "y.", over, over), "timeseries", []any{"targets", 1, "refId"}, "B"},
		{grafana.TimeSeries("x", "s", "y.", over).Marked(grafana.Steps("green")), "timeseries", []any{"fieldConfig", "defaults", "custom", "thresholdsStyle", "mode"}, "dashed"},
		{grafana.TimeSeries("x", "s", "y.", over).Stacked(), "timeseries", []any{"fieldConfig", "defaults", "custom", "stacking", "mode"}, "normal"},
		{grafana.Stat("x", "s", "y.", over), "stat", []any{"options", "graphMode"}, "area"},
		{grafana.Stat("x", "s", "y.", now), "stat", []any{"options", "graphMode"}, "none"},
		{grafana.Stat("x", "s", "y.", now).Decimals(2), "stat", []any{"fieldConfig", "defaults", "decimals"}, 2.},
		{grafana.Gauge("x", "s", "y.", now).Within(0, 1), "gauge", []any{"fieldConfig", "defaults", "max"}, 1.},
		{grafana.Gauge("x", "s", "y.", now).Colored(grafana.Steps("red")), "gauge", []any{"fieldConfig", "defaults", "color", "mode"}, "thresholds"},
		{grafana.BarGauge("x", "s", "y.", now).From(0), "bargauge", []any{"fieldConfig", "defaults", "min"}, 0.},
		{grafana.Pie("x", "s", "y.", now), "piechart", []any{"options", "legend", "values", 0}, "value"},
		{grafana.Pie("x", "s", "y.", now).Links(grafana.DataLink{Title: "t", URL: "/d/u"}), "piechart", []any{"fieldConfig", "defaults", "links", 0, "url"}, "/d/u"},
		{grafana.Heatmap("x", "s", "y.", over), "heatmap", []any{"targets", 0, "format"}, "heatmap"},
		{grafana.Heatmap("x", "s", "y.", over), "heatmap", []any{"options", "yAxis", "unit"}, "s"},
		{grafana.Timeline("x", "y.", "ok", "due", over), "state-timeline", []any{"fieldConfig", "defaults", "mappings", 0, "options", "1", "text"}, "due"},
	} {
		board := encode(t, grafana.Board{Rows: []grafana.Row{{Panels: []grafana.Panel{tc.panel}}}})
		assert.Equal(t, tc.kind, at(t, board, "panels", 1, "type"))
		assert.Equal(t, tc.want, at(t, at(t, board, "panels", 1), tc.path...), "%v", tc.path)
	}
}

func TestLinksKeepWhatIsChosen(t *testing.T) {
	board := encode(t, grafana.Board{Links: []grafana.Link{grafana.NewLink("u", "t", "tip")}})
	link := at(t, board, "links", 0)
	assert.Equal(t, "/d/u", at(t, link, "url"))
	assert.Equal(t, []any{true, true, false}, []any{at(t, link, "includeVars"), at(t, link, "keepTime"), at(t, link, "targetBlank")})
}
