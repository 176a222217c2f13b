package costprocessor

import "github.com/tta-dev/otelcol-workflow/internal/glob"

// The values of workflow.budget.state.
const (
	budgetOK       = "ok"
	budgetWarning  = "warning"  // the first threshold is reached
	budgetExceeded = "exceeded" // more than the limit was spent
)

// defaultThreshold is the share of a budget from which on its state is warning.
const defaultThreshold = 0.8

// budget is a budget and, unless it is one of a run, what was spent of it.
type budget struct {
	*BudgetConfig
	ledger *ledger
}

// budgets opens the ledgers. The configuration is valid.
func (c *Config) budgets() ([]budget, error) {
	all := make([]budget, len(c.Budgets))
	for i := range c.Budgets {
		b := &c.Budgets[i]
		all[i].BudgetConfig = b
		if b.Scope.ofRun() {
			continue
		}
		over, err := parseStretch(b.Window)
		if err != nil {
			return nil, err
		}
		all[i].ledger = &ledger{
			budget: b, stretch: over, most: c.Limits.BudgetAccounts, accounts: make(map[string]*account),
		}
	}
	return all, nil
}

// ledgersOf are the ledgers of those budgets that have one.
func ledgersOf(budgets []budget) (all []*ledger) {
	for i := range budgets {
		if l := budgets[i].ledger; l != nil {
			all = append(all, l)
		}
	}
	return all
}

// noteBudget notes how a run stands to its budgets: to the one of which most is used. Of the
// budgets of a run the first that is for it counts.
func (s *scratch) noteBudget(at int, usd float64) {
	var worst *budget
	var used float64
	who, found := s.spender(at, at), false
	for i := range s.p.budgets {
		b := &s.p.budgets[i]
		if b.ledger == nil && found || !b.isFor(&who) {
			continue
		}
		now := usd
		if b.ledger == nil {
			found = true
			if b.state(usd) == budgetExceeded {
				s.census.exceeded = append(s.census.exceeded, i)
			}
		} else {
			now = b.ledger.spent(b.key(&who), s.now)
		}
		if worst == nil || now/b.LimitUSD > used/worst.LimitUSD {
			worst, used = b, now
		}
	}
	if worst == nil {
		return
	}
	s.notes = append(
		s.notes, note{name: attrBudgetName, text: worst.Name}, note{name: attrBudgetLimit, number: worst.LimitUSD},
		note{name: attrBudgetUsed, number: used}, note{name: attrBudgetRatio, number: used / worst.LimitUSD},
		note{name: attrBudgetState, text: worst.state(used)})
}

// state tells how much of the budget is spent. The limit itself may be.
func (b *BudgetConfig) state(usd float64) string {
	switch {
	case usd > b.LimitUSD:
		return budgetExceeded
	case usd >= b.thresholds()[0]*b.LimitUSD:
		return budgetWarning
	}
	return budgetOK
}

// level is how many thresholds are reached.
//
//	limit 10, thresholds 0.5 and 1     4.99 → 0    5 → 1    10 → 2
func (b *BudgetConfig) level(usd float64) (n int) {
	for _, share := range b.thresholds() {
		if usd >= share*b.LimitUSD {
			n++
		}
	}
	return n
}

func (b *BudgetConfig) thresholds() []float64 {
	if len(b.Thresholds) > 0 {
		return b.Thresholds
	}
	return []float64{defaultThreshold}
}

// spender is whose money it is; what is not known is "".
type spender struct{ workflow, tenant string }

// isFor says whether the budget is for the spender.
func (b *BudgetConfig) isFor(who *spender) bool {
	return like(b.Match.Workflow, who.workflow) && like(b.Match.Tenant, who.tenant)
}

// key names the account of the spender, "" for one without a name.
func (b *BudgetConfig) key(who *spender) string {
	if b.Scope == ScopeTenant {
		return who.tenant
	}
	return who.workflow
}

// like compares a text with a pattern; "" is any text.
func like(pattern, text string) bool { return pattern == "" || glob.Match(pattern, text) }
