package costprocessor

import (
	"strings"
	"sync"
	"time"
)

// ledger keeps what was spent of one budget over time: an account for each workflow or tenant,
// within a bound. It is safe for concurrent use.
type ledger struct {
	budget  *BudgetConfig
	stretch stretch
	most    int

	mu       sync.Mutex
	accounts map[string]*account
	swept    time.Time
	moved    bool // money has, since the last statement
}

// sweepEvery is how often a full ledger looks for accounts of which nothing is spent.
const sweepEvery = time.Minute

// posting is what came of adding to an account.
type posting struct {
	usd      float64 // spent in all
	reached  bool    // one more threshold than before
	exceeded bool    // the limit, and not before
	room     bool    // there is such an account; else nothing was added
}

// spend adds to an account what was spent at a time. The key is borrowed.
func (l *ledger) spend(key string, usd float64, at, now time.Time) posting {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.account(key, now)
	if a == nil {
		return posting{}
	}
	level, over := a.level, a.over
	a.add(usd, at)
	l.moved = true
	spent := l.mark(a)
	return posting{usd: spent, reached: a.level > level, exceeded: a.over && !over, room: true}
}

// mark notes which thresholds what is spent has reached. It returns what is spent.
func (l *ledger) mark(a *account) float64 {
	spent := a.spent()
	a.level, a.over = l.budget.level(spent), spent > l.budget.LimitUSD
	return spent
}

// account returns the account of a key, nil if there is no room for it.
func (l *ledger) account(key string, now time.Time) *account {
	if a := l.accounts[key]; a != nil {
		l.turn(a, now)
		return a
	}
	if len(l.accounts) >= l.most {
		l.sweep(now)
	}
	if len(l.accounts) >= l.most {
		return nil
	}
	a := l.stretch.open(now)
	l.accounts[strings.Clone(key)] = a
	return a
}

// turn brings an account to the present: what it falls below may be told again.
func (l *ledger) turn(a *account, now time.Time) {
	l.stretch.turn(a, now)
	spent := a.spent()
	a.level, a.over = min(a.level, l.budget.level(spent)), a.over && spent > l.budget.LimitUSD
}

// sweep closes accounts of which nothing is spent, not too often.
func (l *ledger) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for key, a := range l.accounts {
		if l.turn(a, now); a.spent() == 0 {
			delete(l.accounts, key)
		}
	}
}

// spent returns what an account has spent, 0 if there is none.
func (l *ledger) spent(key string, now time.Time) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[key]
	if a == nil {
		return 0
	}
	l.turn(a, now)
	return a.spent()
}

// each visits all accounts. visit must not use the ledger.
func (l *ledger) each(now time.Time, visit func(key string, usd float64)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, a := range l.accounts {
		l.turn(a, now)
		visit(key, a.spent())
	}
}
