package costprocessor

import (
	"time"

	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// attrTenant is whose run it is.
const attrTenant = "workflow.tenant"

// spending is what was added to an account, so that it can be taken back.
type spending struct {
	ledger *ledger
	key    string
	usd    float64
	at     time.Time
}

// spend adds what the spans of the batch cost to the accounts of the budgets over time.
func (s *scratch) spend() {
	if !s.p.overTime {
		return
	}
	for i := range s.claims {
		c := &s.claims[i]
		if c.usd == 0 {
			continue
		}
		at := int(c.at)
		v := s.tree.Verdict(at)
		who := s.spender(at, int(v.Workflow))
		for k := range s.p.budgets {
			if b := &s.p.budgets[k]; b.ledger != nil && b.isFor(&who) {
				s.post(k, b.key(&who), c.usd, s.seen[at].span.EndTimestamp().AsTime())
			}
		}
	}
}

// spender tells whose span it is, by itself or by the span that names its workflow; -1 is none.
func (s *scratch) spender(at, owner int) (who spender) {
	who.tenant = s.tenant(at)
	if owner < 0 {
		return who
	}
	who.workflow = s.seen[owner].reading.Name()
	if who.tenant == "" {
		who.tenant = s.tenant(owner)
	}
	return who
}

func (s *scratch) tenant(i int) string {
	said, _ := attributes{s.seen[i].span.Attributes(), s.seen[i].resource}.Text(attrTenant)
	name, _ := flow.Clean(said)
	return name
}

// post adds to an account and tells when it reaches a threshold or exceeds the limit.
func (s *scratch) post(index int, key string, usd float64, at time.Time) {
	b := &s.p.budgets[index]
	var p posting
	if key != "" {
		p = b.ledger.spend(key, usd, at, s.now)
	}
	if !p.room {
		s.census.unaccounted = append(s.census.unaccounted, index)
		return
	}
	s.spent = append(s.spent, spending{b.ledger, key, usd, at})
	what := "a threshold of a budget is reached"
	switch {
	case p.exceeded:
		what = "a budget is exceeded"
		s.census.exceeded = append(s.census.exceeded, index)
	case !p.reached:
		return
	}
	s.p.log.Warn(what, zap.String("budget", b.Name), zap.String("account", key), zap.String("window", b.Window),
		zap.Float64("limit", b.LimitUSD), zap.Float64("used", p.usd))
}

// takeBack undoes what was added for a batch that the next component refused: it comes again.
func (s *scratch) takeBack() {
	for i := range s.spent {
		p := &s.spent[i]
		p.ledger.spend(p.key, -p.usd, p.at, s.now)
	}
}
