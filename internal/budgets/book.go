package budgets

import (
	"errors"
	"slices"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// SLO is what a Book keeps accounts of.
type SLO struct {
	// ID is that of the state.
	ID ID
	// Plan opens the accounts.
	Plan *slo.Plan
	// Grouped says that there is an account for each group and none without events.
	Grouped bool
}

// Group is one account of an objective.
type Group struct {
	// Key is that of the group, "" where there are none.
	Key string
	// Overflow says that the group holds what there was no room for.
	Overflow bool

	account *slo.Account
	begun   bool           // it was shown at 0
	base    slo.Counts     // what the counters had when they began anew
	start   time.Time      // when that was; zero if they never did
	shown   slo.Counts     // the counters as they were last shown
	owed    *slo.PeriodSum // a settled period that was perhaps not shown
}

// ledger holds the groups of one objective.
type ledger struct {
	SLO
	groups   []*Group // in the order in which they came
	byKey    map[string]*Group
	overflow *Group
}

// Book holds the accounts of all objectives. It is not safe for concurrent use.
type Book struct {
	ledgers   []*ledger
	byID      map[ID]int
	maxGroups int
	report    slo.Report
}

// Tally counts what became of the increments of a record.
type Tally struct {
	// Outcomes counts them by what the accounts said.
	Outcomes [slo.DroppedInvalid + 1]int64
	// Folded is how many went to an overflow group, by objective.
	Folded []int64
	// Changed says that there are other groups than before.
	Changed bool
	// Inconsistent is how many accounts have more good events than events.
	Inconsistent int64
}

// NewBook returns a book without accounts: restore or begin them. Each objective has at most
// maxGroups groups, and one for what is beyond.
func NewBook(slos []SLO, maxGroups int) *Book {
	b := &Book{byID: map[ID]int{}, maxGroups: maxGroups}
	for i, s := range slos {
		b.ledgers = append(b.ledgers, &ledger{SLO: s, byKey: map[string]*Group{}})
		b.byID[s.ID] = i
	}
	return b
}

// Begin opens the accounts of those objectives that have one only, unless they are open.
func (b *Book) Begin(now time.Time) {
	for _, l := range b.ledgers {
		if !l.Grouped && len(l.groups) == 0 {
			l.open("", now)
		}
	}
}

// Groups returns the number of groups, overflow groups apart.
func (b *Book) Groups() (n int) {
	for _, l := range b.ledgers {
		n += len(l.byKey)
	}
	return n
}

func (l *ledger) open(key string, now time.Time) *Group {
	g := &Group{Key: key, account: l.Plan.Open(now)}
	l.byKey[key] = g
	l.groups = append(l.groups, g)
	return g
}

// at returns the group of a key, which may be that of what there is no room for.
func (l *ledger) at(key []byte, maxGroups int, now time.Time) *Group {
	if g := l.byKey[string(key)]; g != nil {
		return g
	}
	if string(key) == overflowKey || l.Grouped && len(l.byKey) >= maxGroups {
		return l.spare(now)
	}
	return l.open(string(key), now)
}

// spare returns the overflow group.
func (l *ledger) spare(now time.Time) *Group {
	if l.overflow == nil {
		l.overflow = &Group{Overflow: true, account: l.Plan.Open(now)}
		l.groups = append(l.groups, l.overflow)
	}
	return l.overflow
}

// Show is called for each account at a tick. The report is valid during the call.
type Show func(i int, g *Group, r *slo.Report)

// Apply does what a record says: it books the increments, ticks all accounts and shows them.
// If the record is not kept, counters are shown as they were. The error says that it is no
// record, or a damaged one, of which a part may have been done.
func (b *Book) Apply(record []byte, kept bool, show Show) (Tally, error) {
	now, t, err := b.book(record)
	if err != nil {
		return t, err
	}
	b.tick(now, &t, func(i int, g *Group, r *slo.Report) {
		g.count(r, kept)
		g.settle(r)
		show(i, g, r)
		g.begun = true
	})
	return t, nil
}

// Replay does again what a record says, after a restart, without showing anything.
func (b *Book) Replay(record []byte) error {
	for _, l := range b.ledgers {
		for _, g := range l.groups {
			g.begun, g.owed = true, nil // there would be no next record had it not been shown
		}
	}
	now, t, err := b.book(record)
	if err != nil {
		return err
	}
	b.tick(now, &t, func(_ int, g *Group, r *slo.Report) {
		g.count(r, true)
		if r.Settled != nil {
			settled := *r.Settled
			g.owed = &settled
		}
	})
	return nil
}

// Restart lets all counters begin anew: some that were shown are perhaps ahead of ours.
func (b *Book) Restart(now time.Time) {
	var t Tally
	b.tick(now, &t, func(_ int, g *Group, r *slo.Report) {
		g.base, g.start = slo.Counts{Good: r.Good, Total: r.Good + r.Bad}, now
		g.shown, g.begun = slo.Counts{}, false
	})
}

// count sets the counters of a report to what is to be shown.
func (g *Group) count(r *slo.Report, kept bool) {
	if !g.start.IsZero() {
		r.Start = g.start
	}
	now := slo.Counts{Good: r.Good - g.base.Good, Total: r.Good + r.Bad - g.base.Total}
	if g.begun && kept {
		g.shown = now
	}
	r.Good, r.Bad = g.shown.Good, g.shown.Bad()
}

// settle adds the period that was settled just before a crash.
func (g *Group) settle(r *slo.Report) {
	if r.Settled == nil {
		r.Settled = g.owed
	}
	g.owed = nil
}

var (
	errNoIncrements = errors.New("a group without increments")
	errNoTime       = errors.New("a record of a time before 1970")
)

// book books the increments of a record and returns the time of its tick. Those of objectives
// that are no more are left out.
func (b *Book) book(record []byte) (now time.Time, t Tally, err error) {
	t.Folded = make([]int64, len(b.ledgers))
	r := wire.NewReader(record)
	now = time.Unix(0, r.Int()).UTC()
	if now.Unix() < 1 {
		r.Fail(errNoTime)
	}
	for r.More() {
		var id ID
		copy(id[:], r.Fixed(IDSize))
		i, known := b.byID[id]
		for range r.Len(2) {
			key := r.Bytes()
			n := r.Len(3)
			if n == 0 {
				r.Fail(errNoIncrements)
				break
			}
			for range n {
				at := now.Add(time.Duration(r.Int()) * time.Second).Truncate(time.Second)
				c := slo.Counts{Good: r.Float(), Total: r.Float()}
				if known && r.Err() == nil {
					b.observe(i, key, at, now, c, &t)
				}
			}
		}
	}
	return now, t, r.Err()
}

func (b *Book) observe(i int, key []byte, at, now time.Time, c slo.Counts, t *Tally) {
	before := len(b.ledgers[i].groups)
	g := b.ledgers[i].at(key, b.maxGroups, now)
	t.Changed = t.Changed || len(b.ledgers[i].groups) > before
	if g.Overflow {
		t.Folded[i]++
	}
	t.Outcomes[g.account.Observe(at, now, c)]++
}

// tick ticks all accounts, and closes those of groups that have had no events for so long
// that there is nothing left to tell.
func (b *Book) tick(now time.Time, t *Tally, each Show) {
	for i, l := range b.ledgers {
		gone := 0
		for _, g := range l.groups {
			g.account.Tick(now, &b.report)
			if b.report.Inconsistent {
				t.Inconsistent++
			}
			each(i, g, &b.report)
			if l.Grouped && !g.Overflow && l.empty(&b.report) {
				delete(l.byKey, g.Key)
				g.account = nil
				gone++
			}
		}
		if gone > 0 {
			t.Changed = true
			l.groups = slices.DeleteFunc(l.groups, func(g *Group) bool { return g.account == nil })
		}
	}
}

// empty tells whether there was no event in any window or period.
func (l *ledger) empty(r *slo.Report) bool {
	last := r.Start
	if r.LastEvent.After(last) {
		last = r.LastEvent
	}
	longest := l.Plan.Definition().Window.Length()
	if windows := l.Plan.Windows(); len(windows) > 0 {
		longest = max(longest, windows[len(windows)-1])
	}
	return r.At.Sub(last) > 2*longest
}
