package otlp_test

import (
	"maps"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/percentile"
)

// place is where a data point lies.
type place struct {
	resource, scope, metric, unit string
	attributes                    map[string]any
}

func (p place) stream(t require.TestingT) string {
	id := p.identify(t)
	return string(id.Point(p.point(t)))
}

func (p place) identify(t require.TestingT) *otlp.Identity {
	resource := pcommon.NewResource()
	require.NoError(t, resource.Attributes().FromRaw(map[string]any{"service.name": p.resource, "host.name": "h"}))
	scope := pcommon.NewInstrumentationScope()
	scope.SetName(p.scope)
	m := pmetric.NewMetric()
	m.SetName(p.metric)
	m.SetUnit(p.unit)
	id := new(otlp.Identity)
	id.Scope(resource, scope)
	id.Metric(m)
	return id
}

func (p place) point(t require.TestingT) pcommon.Map {
	attributes := pcommon.NewMap()
	require.NoError(t, attributes.FromRaw(p.attributes))
	return attributes
}

func TestStreamsDifferByAllThatTellsThemApart(t *testing.T) {
	base := place{"r", "s", "m", "u", map[string]any{"a": "1", "b": int64(2)}}
	seen := map[string]bool{base.stream(t): true}
	for _, change := range []func(*place){
		func(p *place) { p.resource = "R" },
		func(p *place) { p.scope = "S" },
		func(p *place) { p.metric = "M" },
		func(p *place) { p.unit = "U" },
		func(p *place) { p.attributes = nil },
		func(p *place) { p.attributes = map[string]any{"a": int64(1), "b": int64(2)} },
		func(p *place) { p.attributes = map[string]any{"a": true, "b": int64(2)} },
		func(p *place) { p.attributes = map[string]any{"a": "1", "b": 2.0} },
		func(p *place) { p.attributes = map[string]any{"a": "1", "b": []any{int64(2)}} },
	} {
		p := base
		change(&p)
		assert.False(t, seen[p.stream(t)], "%+v", p)
		seen[p.stream(t)] = true
	}
}

func TestTheOrderOfAttributesDoesNotMatter(t *testing.T) {
	p := place{"r", "s", "m", "u", nil}
	one, two := pcommon.NewMap(), pcommon.NewMap()
	one.PutStr("a", "1")
	one.PutStr("b", "2")
	two.PutStr("b", "2")
	two.PutStr("a", "1")
	assert.Equal(t, string(p.identify(t).Point(one)), string(p.identify(t).Point(two)))
}

// gauges writes one estimate of the group that a place belongs to.
func gauges(t require.TestingT, p place, rule *percentile.Rule, folded bool, values ...percentile.Value) pmetric.Metrics {
	id := p.identify(t)
	id.Point(p.point(t))
	key := id.Group(rule, 7)
	e := percentile.Estimate{Rule: rule, Key: key.Own, Folded: folded, Values: values}
	if folded {
		e.Key = key.Folded
	}
	md := pmetric.NewMetrics()
	otlp.NewEstimates(md, "scope", time.Unix(0, 99)).Write(&e)
	return md
}

func TestAttributesComeOutAsTheyWentIn(t *testing.T) {
	text := rapid.StringN(0, 8, 20)
	value := rapid.OneOf(
		rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(v int64) any { return v }),
		rapid.Map(rapid.Float64(), func(v float64) any { return v }),
		rapid.Map(rapid.Bool(), func(v bool) any { return v }),
	)
	rule := &percentile.Rule{Attributes: []string{"drop"}}
	rapid.Check(t, func(t *rapid.T) {
		attributes := rapid.MapOf(text.Filter(func(s string) bool { return s != "quantile" && s != "drop" }), value).Draw(t, "attributes")
		want := map[string]any{"quantile": "0.5"}
		maps.Copy(want, attributes)
		attributes["drop"] = "gone"
		md := gauges(t, place{"svc", "s", "m", "s", attributes}, rule, false, percentile.Value{Quantile: "0.5", Value: 3})
		rm := md.ResourceMetrics().At(0)
		require.Equal(t, map[string]any{"service.name": "svc", "host.name": "h"}, rm.Resource().Attributes().AsRaw())
		m := rm.ScopeMetrics().At(0).Metrics().At(0)
		require.Equal(t, "m.quantile", m.Name())
		require.Equal(t, "s", m.Unit())
		require.Equal(t, want, m.Gauge().DataPoints().At(0).Attributes().AsRaw())
	})
}

func TestFoldedGroupsKeepNothingButTheMark(t *testing.T) {
	md := gauges(t, place{"svc", "s", "m", "s", map[string]any{"a": "1"}}, &percentile.Rule{}, true, percentile.Value{Quantile: "0.5", Value: 3})
	rm := md.ResourceMetrics().At(0)
	assert.Zero(t, rm.Resource().Attributes().Len())
	dp := rm.ScopeMetrics().At(0).Metrics().At(0).Gauge().DataPoints().At(0)
	assert.Equal(t, map[string]any{"quantile": "0.5", "otel.metric.overflow": true}, dp.Attributes().AsRaw())
	assert.Equal(t, pcommon.Timestamp(99), dp.Timestamp())
}

func TestErrorsAreGaugesOfTheirOwn(t *testing.T) {
	md := gauges(t, place{"svc", "s", "m", "s", nil}, &percentile.Rule{Error: true}, false,
		percentile.Value{Quantile: "0.5", Value: 3, Error: 0.1}, percentile.Value{Quantile: "0.9", Value: 4, Error: math.Inf(1)})
	ms := md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
	require.Equal(t, 2, ms.Len())
	assert.Equal(t, 2, ms.At(0).Gauge().DataPoints().Len())
	assert.Equal(t, "m.quantile.error", ms.At(1).Name())
	require.Equal(t, 1, ms.At(1).Gauge().DataPoints().Len(), "nobody knows how far 4 may be off")
	assert.InDelta(t, 0.1, ms.At(1).Gauge().DataPoints().At(0).DoubleValue(), 0)
}

func TestKeysThatAreNotOursAreLeftAlone(t *testing.T) {
	md := pmetric.NewMetrics()
	otlp.NewEstimates(md, "scope", time.Unix(0, 99)).Write(&percentile.Estimate{
		Rule: &percentile.Rule{}, Key: []byte("nonsense"), Values: []percentile.Value{{Value: 1}},
	})
	assert.Zero(t, md.MetricCount())
}
