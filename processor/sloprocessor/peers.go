package sloprocessor

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// peerWindows returns the windows that the names of Sloth and Pyrra ask for.
func peerWindows(sets []Set) (windows []time.Duration) {
	for _, set := range sets {
		switch set {
		case SetSloth:
			const day = 24 * time.Hour
			windows = append(windows, 5*time.Minute, 30*time.Minute, time.Hour, 2*time.Hour, 6*time.Hour, day, 3*day)
		case SetPyrra:
			windows = append(windows, pyrraRate)
		case SetCounters, SetDerived, SetWindows:
		}
	}
	return windows
}

// peer returns a row with the labels of another tool and the group in place of ours.
func (w *row) peer(pairs ...string) *row {
	own := *w
	own.labels = pcommon.NewMap()
	w.group.CopyTo(own.labels)
	for pair := range slices.Chunk(pairs, 2) {
		own.labels.PutStr(pair[0], pair[1])
	}
	return &own
}

// peerName is the name of an SLO in tools that know one objective of each.
func (w *row) peerName(o *slo.Objective) string {
	if o.Name == "" {
		return w.agreement.name
	}
	return w.agreement.name + "-" + o.Name
}

// sloth writes what the recording rules of Sloth record.
func (s *sheet) sloth(w *row) {
	d := w.plan.Definition()
	period := d.Window.Length()
	for i := range w.report.Objectives {
		o := &d.Objectives[i]
		name, service := w.peerName(o), cmp.Or(w.service, "none")
		p := w.peer("sloth_id", service+"-"+name, "sloth_service", service, "sloth_slo", name)
		for _, sum := range w.report.Windows {
			if d.Window.Calendar != nil || sum.Window != period {
				s.slothWindow(p, slo.FormatWindow(sum.Window), sum.Counts, o)
			}
		}
		s.slothWindow(p, slo.FormatWindow(period), w.report.Period.Counts, o)
		s.point(&metric.SlothObjective, p, o.Target.Ratio())
		s.point(&metric.SlothBudget, p, o.Target.Budget())
		s.point(&metric.SlothPeriod, p, period.Hours()/24)
		s.point(&metric.SlothRemaining, p, w.report.Objectives[i].Remaining)
		if rate, ok := w.report.Period.BurnRate(o.Target); ok {
			s.point(&metric.SlothPeriodBurnRate, p, float64(rate))
		}
		s.point(&metric.SlothInfo, p, 1, "sloth_mode", "otelcol", "sloth_spec", "otelcol-workflow/slo",
			"sloth_version", "none", "sloth_objective", strconv.FormatFloat(o.Target.Ratio()*100, 'g', 12, 64))
	}
}

func (s *sheet) slothWindow(p *row, window string, c slo.Counts, o *slo.Objective) {
	sli, ok := c.SLI()
	if !ok {
		return
	}
	share := metric.SlothError.Of(window)
	s.point(&share, p, 1-sli, "sloth_window", window)
	if rate, ok := c.BurnRate(o.Target); ok && window == "5m" {
		s.point(&metric.SlothBurnRate, p, float64(rate))
	}
}

// pyrraRate is the window of the rates of Pyrra.
const pyrraRate = 5 * time.Minute

// pyrra writes what the generic recording rules of Pyrra record.
func (s *sheet) pyrra(w *row) {
	d := w.plan.Definition()
	for i := range w.report.Objectives {
		o := &d.Objectives[i]
		p := w.peer("slo", w.peerName(o))
		s.point(&metric.PyrraObjective, p, o.Target.Ratio())
		s.point(&metric.PyrraWindow, p, d.Window.Length().Seconds())
		if sli, ok := w.report.Period.SLI(); ok {
			s.point(&metric.PyrraAvailability, p, sli)
		}
		for _, sum := range w.report.Windows {
			if sum.Window == pyrraRate {
				s.point(&metric.PyrraRequests, p, sum.Total/pyrraRate.Seconds())
				s.point(&metric.PyrraErrors, p, sum.Bad()/pyrraRate.Seconds())
			}
		}
	}
}
