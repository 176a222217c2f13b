package sloprocessor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/tta-dev/otelcol-workflow/processor/sloprocessor/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

// sink is the next component: it keeps what our metrics said last and passes by.
type sink struct {
	mu     sync.Mutex
	md     pmetric.Metrics // the last flush of ours
	passed []pmetric.Metrics
	refuse error
	odd    []string // metrics with NaN or Inf

	counters map[string]float64 // as they were shown last
	fell     []string           // counters that fell
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ours(md) {
		s.passed = append(s.passed, md)
		return nil
	}
	if s.refuse != nil {
		return s.refuse
	}
	s.md = md
	eachPoint(md, s.look)
	return nil
}

// refuses says what flushes are answered.
func (s *sink) refuses(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = err
}

// look notes what no metric may be.
func (s *sink) look(m pmetric.Metric, dp pmetric.NumberDataPoint) {
	v := dp.DoubleValue()
	if math.IsNaN(v) || math.IsInf(v, 0) {
		s.odd = append(s.odd, m.Name())
	}
	if m.Name() != "slo.events" {
		return
	}
	key := fmt.Sprint(dp.Attributes().AsRaw())
	if v < s.counters[key] {
		s.fell = append(s.fell, fmt.Sprintf("%s from %v to %v", key, s.counters[key], v))
	}
	s.counters[key] = v
}

// ours tells what the processor sends on of its own.
func ours(md pmetric.Metrics) bool {
	if md.ResourceMetrics().Len() != 1 || md.ResourceMetrics().At(0).ScopeMetrics().Len() != 1 {
		return false
	}
	return md.ResourceMetrics().At(0).ScopeMetrics().At(0).Scope().Name() == metadata.ScopeName
}

func eachPoint(md pmetric.Metrics, f func(pmetric.Metric, pmetric.NumberDataPoint)) {
	for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		points := m.Gauge().DataPoints
		if m.Type() == pmetric.MetricTypeSum {
			points = m.Sum().DataPoints
		}
		for _, dp := range points().All() {
			f(m, dp)
		}
	}
}

// rig is a processor between a source and a sink, in a bubble of time.
type rig struct {
	*testing.T
	*sink
	p     *sloProcessor
	tel   *componenttest.Telemetry
	logs  *observer.ObservedLogs
	disk  *storagetest.Disk
	cfg   *Config
	start time.Time // of the points
}

// inBubble runs a test in a bubble in which nobody waits.
func inBubble(t *testing.T, text string, f func(r *rig)) {
	t.Helper()
	cfg, err := read(t, text)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, cfg: cfg, disk: storagetest.NewDisk(), sink: &sink{counters: map[string]float64{}}}
		r.begin()
		r.start = time.Now()
		f(r)
		r.end()
		assert.Empty(t, r.odd, "NaN or Inf")
	})
}

// begin starts a new process.
func (r *rig) begin() {
	r.Helper()
	r.tel = componenttest.NewTelemetry()
	set := processor.Settings{ID: component.MustNewID("slo"), TelemetrySettings: r.tel.NewTelemetrySettings()}
	var core *observer.ObservedLogs
	set.Logger, core = logger()
	r.logs = core
	p, err := NewFactory().CreateMetrics(r.Context(), set, r.cfg, r.sink)
	require.NoError(r, err)
	r.p = p.(*sloProcessor)
	require.NoError(r, p.Start(r.Context(), r.host()))
}

func logger() (*zap.Logger, *observer.ObservedLogs) {
	core, logs := observer.New(zap.InfoLevel)
	return zap.New(core), logs
}

func (r *rig) host() storagetest.Host {
	return storagetest.Host{component.MustNewID("disk"): r.disk}
}

// end ends the process as it should.
func (r *rig) end() {
	r.Helper()
	require.NoError(r, r.p.Shutdown(context.WithoutCancel(r.Context())))
	require.NoError(r, r.tel.Shutdown(context.WithoutCancel(r.Context())))
}

// kill ends the process at once: nothing is flushed.
func (r *rig) kill() {
	r.p.worker.Stop()
	require.NoError(r, r.tel.Shutdown(context.WithoutCancel(r.Context())))
}

// flush lets the time of n flushes pass.
func (r *rig) flush(n int) {
	time.Sleep(time.Duration(n) * time.Duration(r.cfg.FlushInterval))
	synctest.Wait()
}

// leap lets hours pass with one flush each, from here on.
func (r *rig) leap(hours int) {
	r.Helper()
	r.p.worker.Stop()
	for range hours {
		time.Sleep(time.Hour)
		require.NoError(r, r.p.flush(r.Context(), false))
	}
}

// feed sends one metric, which is filled by f.
func (r *rig) feed(name, unit string, f func(m pmetric.Metric)) {
	r.Helper()
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	rm.Resource().Attributes().PutStr("service.name", "shop")
	m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName(name)
	m.SetUnit(unit)
	f(m)
	require.NoError(r, r.p.ConsumeMetrics(r.Context(), md))
}

// total sends the running total of a sum. Attributes are pairs.
func (r *rig) total(name string, v float64, attributes ...string) {
	r.Helper()
	r.feed(name, "1", func(m pmetric.Metric) {
		sum := m.SetEmptySum()
		sum.SetIsMonotonic(true)
		sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
		dp := sum.DataPoints().AppendEmpty()
		dp.SetDoubleValue(v)
		r.stamp(dp, attributes)
	})
}

// stamped is a data point that can be given times.
type stamped interface {
	Attributes() pcommon.Map
	SetStartTimestamp(pcommon.Timestamp)
	SetTimestamp(pcommon.Timestamp)
}

func (r *rig) stamp(dp stamped, attributes []string) {
	dp.SetStartTimestamp(pcommon.NewTimestampFromTime(r.start))
	dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	for i := 0; i < len(attributes); i += 2 {
		dp.Attributes().PutStr(attributes[i], attributes[i+1])
	}
}

var errNone = errors.New("there is no such point")

// value returns what the last flush said of a metric, of the one point whose attributes
// include the pairs.
func (r *rig) value(name string, attributes ...string) (float64, error) {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []float64
	if r.md == (pmetric.Metrics{}) {
		return 0, errNone
	}
	eachPoint(r.md, func(m pmetric.Metric, dp pmetric.NumberDataPoint) {
		if m.Name() != name {
			return
		}
		for i := 0; i < len(attributes); i += 2 {
			if v, ok := dp.Attributes().Get(attributes[i]); !ok || v.AsString() != attributes[i+1] {
				return
			}
		}
		found = append(found, dp.DoubleValue())
	})
	if len(found) == 0 {
		return 0, errNone
	}
	require.Len(r, found, 1, "%s %s", name, strings.Join(attributes, " "))
	return found[0], nil
}

// shows asserts a value.
func (r *rig) shows(want float64, name string, attributes ...string) {
	r.Helper()
	got, err := r.value(name, attributes...)
	if assert.NoError(r, err, "%s %s", name, strings.Join(attributes, " ")) {
		assert.InDelta(r, want, got, 1e-6, "%s %s", name, strings.Join(attributes, " "))
	}
}

// lacks asserts that there is no such point.
func (r *rig) lacks(name string, attributes ...string) {
	r.Helper()
	_, err := r.value(name, attributes...)
	assert.ErrorIs(r, err, errNone, "%s %s", name, strings.Join(attributes, " "))
}

// said asserts how often something was logged.
func (r *rig) said(n int, text string) {
	r.Helper()
	assert.Equal(r, n, r.logs.Filter(func(e observer.LoggedEntry) bool { return strings.Contains(e.Message, text) }).Len(), "%q", text)
}

// counted returns a counter of the processor's own telemetry, of the point with the attribute.
func (r *rig) counted(name, attribute string) int64 {
	r.Helper()
	m, err := r.tel.GetMetric("otelcol_processor_slo_" + name)
	require.NoError(r, err)
	return valueOf(m.Data, attribute)
}

var typeSettings = processortest.NewNopSettings(component.MustNewType("slo"))
