package sloprocessor

import (
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
)

// told is what has been said once and is not said again, by agreement.
type told struct{ folded, blurred, silent []bool }

func newTold(n int) told {
	return told{folded: make([]bool, n), blurred: make([]bool, n), silent: make([]bool, n)}
}

// silence is how long there may be no points before it is said.
const silence = 10 * time.Minute

// warn says what an operator should know, each once.
func (p *sloProcessor) warn(t *budgets.Tally, blurs []blur, now time.Time) {
	for i, a := range p.agreements {
		if t.Folded[i] > 0 && first(&p.told.folded[i]) {
			p.log.Warn(fmt.Sprintf("SLO %s: %d groups reached; further groups are counted under %q (max_groups)",
				a.name, int(p.cfg.MaxGroups), overflowGroup))
		}
		b := &blurs[i]
		if b.uncertain > 0 && first(&p.told.blurred[i]) {
			p.log.Warn(fmt.Sprintf("SLO %s: threshold %s is not a bucket bound of %s (nearest %.4g, %.4g): "+
				"the share of events of which it is not known is in slo.sli.uncertainty",
				a.name, a.indicator.threshold, a.indicator.metric, b.cut.Above, b.cut.UpTo))
		}
		if !b.seen && now.Sub(p.started) >= silence && first(&p.told.silent[i]) {
			p.log.Warn(fmt.Sprintf("SLO %s: no data points of metric %q matched in 10m", a.name, a.indicator.metric))
		}
	}
}

// first reports true once.
func first(done *bool) bool {
	was := *done
	*done = true
	return !was
}

// complain says that state cannot be kept, once until it can.
func (p *sloProcessor) complain(err error) {
	if first(&p.failing) {
		p.log.Error("state cannot be kept: counters stand still until it can, all else goes on", zap.Error(err))
	}
}
