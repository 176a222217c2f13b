package costprocessor

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// recordVersion is of what is kept of all budgets over a restart:
//
//	version 1
//	text   identity: name, scope, window and match, each a text
//	text   terms: the limit and the thresholds
//	text   accounts: text support   text entries: 1 November 00:00 12.50
//	                 text billing   text entries: 1 November 00:00  3.25
//	… and the same for the next budget
const recordVersion = 1

// statement is what is kept of one budget.
type statement struct {
	identity, terms string
	balances        []balance
}

// balance is what is kept of an account.
type balance struct {
	key     string
	entries []entry
}

// entry is an amount and when it was spent, as far as the window tells times apart.
type entry struct {
	at  time.Time
	usd float64
}

// identity tells a budget from others, and from what it was before it was changed in a way that
// makes its sums those of something else.
func (l *ledger) identity() string {
	var out []byte
	for _, part := range []string{
		l.budget.Name, string(l.budget.Scope), l.stretch.name, l.budget.Match.Workflow, l.budget.Match.Tenant,
	} {
		out = wire.AppendText(out, part)
	}
	return string(out)
}

// terms are what thresholds are told by: of other terms nothing has been told yet.
func (l *ledger) terms() string {
	out := wire.AppendFloat(nil, l.budget.LimitUSD)
	for _, share := range l.budget.thresholds() {
		out = wire.AppendFloat(out, share)
	}
	return string(out)
}

// hasMoved says whether anything was spent since it was last asked.
func (l *ledger) hasMoved() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.moved
	l.moved = false
	return was
}

// appendStatement appends what is to be kept. What has spent most comes first.
func (l *ledger) appendStatement(dst []byte, now time.Time) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	var accounts []byte
	for _, key := range l.spenders(now) {
		var entries []byte
		for at, usd := range l.accounts[key].entries() {
			entries = wire.AppendFloat(wire.AppendInt(entries, at.UnixNano()), usd)
		}
		accounts = wire.AppendText(wire.AppendText(accounts, key), entries)
	}
	dst = wire.AppendText(wire.AppendText(dst, l.identity()), l.terms())
	return wire.AppendText(dst, accounts)
}

// spenders are the accounts of which something is spent, that with the most first.
func (l *ledger) spenders(now time.Time) []string {
	spent := make(map[string]float64, len(l.accounts))
	keys := make([]string, 0, len(l.accounts))
	for key, a := range l.accounts {
		l.turn(a, now)
		if usd := a.spent(); usd > 0 {
			spent[key] = usd
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(spent[b], spent[a]), cmp.Compare(a, b)) })
	return keys
}

// resume brings back what was spent, as far as it is in the window now. It returns how many
// accounts there is no room for. What was told is not told again, unless the terms are new.
func (l *ledger) resume(s *statement, now time.Time) (left int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := s.terms == l.terms()
	for i := range s.balances {
		a := l.stretch.open(now)
		for _, e := range s.balances[i].entries {
			a.add(e.usd, e.at)
		}
		switch {
		case a.spent() == 0:
			continue
		case len(l.accounts) >= l.most:
			left++
			continue
		case told:
			l.mark(a)
		}
		l.accounts[s.balances[i].key] = a
	}
	return left
}

var errNoAmount = errors.New("what was spent is not a number")

// readRecord reads what is kept of all budgets: all of it, or it is an error.
func readRecord(data []byte) ([]statement, error) {
	r := wire.NewReader(data)
	if version := r.Uint(); r.Err() == nil && version != recordVersion {
		return nil, fmt.Errorf("version %d is not known, %d is", version, recordVersion)
	}
	var all []statement
	for r.More() {
		s := statement{identity: string(r.Bytes()), terms: string(r.Bytes())}
		if err := s.read(r.Bytes()); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

func (s *statement) read(accounts []byte) error {
	r := wire.NewReader(accounts)
	for r.More() {
		b := balance{key: string(r.Bytes())}
		if err := b.read(r.Bytes()); err != nil {
			return err
		}
		s.balances = append(s.balances, b)
	}
	return r.Err()
}

func (b *balance) read(entries []byte) error {
	r := wire.NewReader(entries)
	for r.More() {
		e := entry{time.Unix(0, r.Int()), r.Float()}
		if math.IsNaN(e.usd) || math.IsInf(e.usd, 0) {
			return errNoAmount
		}
		b.entries = append(b.entries, e)
	}
	return r.Err()
}
