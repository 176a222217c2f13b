package costprocessor

import "strings"

// The values of workflow.budget.state.
const (
	budgetOK       = "ok"
	budgetWarning  = "warning"  // the first threshold is reached
	budgetExceeded = "exceeded" // more than the limit was spent
)

// defaultThreshold is the share of a budget from which on its state is warning.
const defaultThreshold = 0.8

// noteBudget notes how a run stands to the first budget that is for its workflow.
func (s *scratch) noteBudget(workflow string, usd float64) {
	for i := range s.p.cfg.Budgets {
		b := &s.p.cfg.Budgets[i]
		if !b.Match.is(workflow) {
			continue
		}
		state := b.state(usd)
		if state == budgetExceeded {
			s.census.exceeded = append(s.census.exceeded, i)
		}
		s.notes = append(
			s.notes, note{name: attrBudgetName, text: b.Name}, note{name: attrBudgetLimit, number: b.LimitUSD},
			note{name: attrBudgetUsed, number: usd}, note{name: attrBudgetRatio, number: usd / b.LimitUSD},
			note{name: attrBudgetState, text: state})
		return
	}
}

// state tells how much of the budget is spent. The limit itself may be.
func (b *BudgetConfig) state(usd float64) string {
	first := defaultThreshold
	if len(b.Thresholds) > 0 {
		first = b.Thresholds[0]
	}
	switch {
	case usd > b.LimitUSD:
		return budgetExceeded
	case usd >= first*b.LimitUSD:
		return budgetWarning
	}
	return budgetOK
}

// is says whether the budget is for the workflow.
func (m *BudgetMatch) is(workflow string) bool {
	if m.Workflow == "" {
		return true
	}
	parts := strings.Split(m.Workflow, "*")
	rest, ok := strings.CutPrefix(workflow, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[last])
}
