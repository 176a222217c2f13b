package sloprocessor

import (
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/series"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/processor/sloprocessor/internal/metadata"
)

// sheet writes what accounts show as metrics of one flush. Not safe for concurrent use.
type sheet struct {
	md      pmetric.Metrics
	metrics pmetric.MetricSlice
	points  map[string]pmetric.NumberDataPointSlice // by name
	sets    map[Set]bool
	now     time.Time
}

func newSheet(sets []Set, now time.Time) *sheet {
	s := &sheet{md: pmetric.NewMetrics(), points: map[string]pmetric.NumberDataPointSlice{}, sets: map[Set]bool{}, now: now}
	for _, set := range sets {
		s.sets[set] = true
	}
	sm := s.md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(metadata.ScopeName)
	s.metrics = sm.Metrics()
	return s
}

// point appends a point with the labels of a row and further attributes, in pairs.
func (s *sheet) point(m *metric.Metric, row *row, v float64, more ...string) pmetric.NumberDataPoint {
	points, ok := s.points[m.Name]
	if !ok {
		points = s.open(m)
		s.points[m.Name] = points
	}
	dp := points.AppendEmpty()
	dp.SetTimestamp(pcommon.NewTimestampFromTime(s.now))
	dp.SetDoubleValue(v)
	row.labels.CopyTo(dp.Attributes())
	for pair := range slices.Chunk(more, 2) {
		dp.Attributes().PutStr(pair[0], pair[1])
	}
	return dp
}

// open appends a metric, on its first point: an empty one is never sent.
func (s *sheet) open(m *metric.Metric) pmetric.NumberDataPointSlice {
	out := otlp.Open(s.metrics, m)
	if m.Kind == metric.Level {
		return out.SetEmptyGauge().DataPoints()
	}
	sum := out.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	return sum.DataPoints()
}

// row is an account that is being shown: of one agreement and one group, and for some metrics
// of one of its objectives.
type row struct {
	*agreement
	report *slo.Report
	labels pcommon.Map
	group  pcommon.Map
}

const (
	overflowAttribute = "slo.overflow"
	overflowGroup     = "other"
	periodWindow      = "period" // of a calendar, which has no fixed length to be named by
)

// show writes all sets of one account.
func (s *sheet) show(a *agreement, g *budgets.Group, r *slo.Report) {
	row := &row{agreement: a, report: r, labels: pcommon.NewMap(), group: pcommon.NewMap()}
	row.name(g)
	if s.sets[SetCounters] {
		s.counters(row)
	}
	if s.sets[SetWindows] {
		s.windows(row)
	}
	if s.sets[SetDerived] {
		s.derived(row)
	}
	if s.sets[SetSloth] {
		s.sloth(row)
	}
	if s.sets[SetPyrra] {
		s.pyrra(row)
	}
}

// name fills the labels.
func (w *row) name(g *budgets.Group) {
	values := slices.Collect(series.Strings([]byte(g.Key)))
	for i, attribute := range w.groupBy {
		switch {
		case g.Overflow:
			w.group.PutStr(attribute, overflowGroup)
		case i < len(values) && values[i] != "":
			w.group.PutStr(attribute, values[i])
		}
	}
	if g.Overflow {
		w.group.PutBool(overflowAttribute, true)
	}
	w.group.CopyTo(w.labels)
	w.labels.PutStr("slo.name", w.agreement.name)
	if w.service != "" {
		w.labels.PutStr("slo.service", w.service)
	}
}

// of returns the row of one objective, which bears its name where there are several.
func (w *row) of(o *slo.Objective) *row {
	if o.Name == "" {
		return w
	}
	own := *w
	own.labels = pcommon.NewMap()
	w.labels.CopyTo(own.labels)
	own.labels.PutStr("slo.objective.name", o.Name)
	return &own
}

func (s *sheet) counters(w *row) {
	for _, c := range []struct {
		outcome string
		n       float64
	}{{"good", w.report.Good}, {"bad", w.report.Bad}} {
		dp := s.point(&metric.SLOEvents, w, c.n, "slo.outcome", c.outcome)
		dp.SetStartTimestamp(pcommon.NewTimestampFromTime(w.report.Start))
	}
}

func (s *sheet) windows(w *row) {
	for i := range w.report.Windows {
		sum := &w.report.Windows[i]
		window := slo.FormatWindow(sum.Window)
		s.windowEvents(w, window, sum.Counts)
	}
	if w.plan.Definition().Window.Calendar != nil {
		s.windowEvents(w, periodWindow, w.report.Period.Counts)
	}
}

func (s *sheet) windowEvents(w *row, window string, c slo.Counts) {
	s.point(&metric.SLOWindowEvents, w, c.Good, "slo.window", window, "slo.outcome", "good")
	s.point(&metric.SLOWindowEvents, w, c.Bad(), "slo.window", window, "slo.outcome", "bad")
}

func (s *sheet) derived(w *row) {
	r := w.report
	for i := range r.Windows {
		s.ratios(w, slo.FormatWindow(r.Windows[i].Window), r.Windows[i].Counts)
		s.point(&metric.SLOCoverage, w, r.Windows[i].Coverage, "slo.window", slo.FormatWindow(r.Windows[i].Window))
	}
	if w.plan.Definition().Window.Calendar != nil {
		s.ratios(w, periodWindow, r.Period.Counts)
		s.point(&metric.SLOCoverage, w, r.Period.Coverage, "slo.window", periodWindow)
	}
	if !r.LastEvent.IsZero() {
		s.point(&metric.SLOLastEventAge, w, max(0, s.now.Sub(r.LastEvent).Seconds()))
	}
	s.point(&metric.SLOPeriod, w, r.Period.Length().Seconds())
	if w.indicator.kind == kindLatency {
		s.point(&metric.SLOThreshold, w, w.indicator.threshold.Seconds())
	}
	s.info(w)
	for i := range r.Objectives {
		o := &w.plan.Definition().Objectives[i]
		s.objective(w.of(o), o, &r.Objectives[i])
	}
}

// ratios are those of a window, which has none without events.
func (s *sheet) ratios(w *row, window string, c slo.Counts) {
	sli, ok := c.SLI()
	if !ok {
		return
	}
	s.point(&metric.SLI, w, sli, "slo.window", window)
	for i := range w.plan.Definition().Objectives {
		o := &w.plan.Definition().Objectives[i]
		if rate, ok := c.BurnRate(o.Target); ok {
			s.point(&metric.SLOBurnRate, w.of(o), float64(rate), "slo.window", window)
		}
	}
}

func (s *sheet) objective(w *row, o *slo.Objective, st *slo.Standing) {
	s.point(&metric.SLOObjective, w, o.Target.Ratio())
	s.point(&metric.SLOBudget, w, o.Target.Budget())
	s.point(&metric.SLORemaining, w, st.Remaining)
	s.point(&metric.SLORemainingEvents, w, st.RemainingEvents)
	if st.Exhausts {
		s.point(&metric.SLOExhaustion, w, st.Exhaustion.Seconds())
	}
	if p := w.report.Settled; p != nil {
		remaining := 1.0
		if p.Basis > 0 {
			remaining -= p.Bad() / (o.Target.Budget() * p.Basis)
		}
		s.point(&metric.SLORemaining, w, remaining, "slo.period", "previous")
	}
	s.violations(w, "budget", st.Violations)
	for i := range st.Alerts {
		p, alert := &o.Policies[i], &st.Alerts[i]
		about := []string{"slo.policy", p.Name, "slo.severity", p.Severity}
		s.point(&metric.SLOAlertBurn, w, alert.BurnRatio, about...)
		active := 0.0
		if alert.Active {
			active = 1
		}
		s.point(&metric.SLOAlertActive, w, active, about...)
		s.violations(w, p.Name, alert.Violations)
	}
}

func (s *sheet) violations(w *row, policy string, n uint64) {
	dp := s.point(&metric.SLOViolations, w, float64(n), "slo.policy", policy)
	dp.SetStartTimestamp(pcommon.NewTimestampFromTime(w.report.Start))
}

func (s *sheet) info(w *row) {
	kind := "rolling"
	if w.plan.Definition().Window.Calendar != nil {
		kind = "calendar"
	}
	more := []string{"slo.budgeting", w.plan.Definition().Budgeting.Method.String(), "slo.window_type", kind}
	for _, key := range slices.Sorted(maps.Keys(w.info)) {
		more = append(more, key, w.info[key])
	}
	s.point(&metric.SLOInfo, w, 1, more...)
}

// blurred writes what is not known of an agreement.
func (s *sheet) blurred(a *agreement, b *blur) {
	if b.uncertain == 0 || !s.sets[SetDerived] {
		return
	}
	row := &row{agreement: a, labels: pcommon.NewMap(), group: pcommon.NewMap()}
	row.name(&budgets.Group{})
	s.point(&metric.SLIUncertainty, row, b.uncertain/b.total)
}
