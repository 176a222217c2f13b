package budgets

import (
	"fmt"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

const version = 1

// partSize is about how large the parts of a snapshot are: what is lost with one.
const partSize = 64 << 10

// Parts returns a snapshot of all accounts, in parts any of which can be restored alone.
func (b *Book) Parts() (parts [][]byte) {
	part := []byte{version}
	for _, l := range b.ledgers {
		for _, g := range l.groups {
			part = l.append(part, g)
			if len(part) >= partSize {
				parts, part = append(parts, part), []byte{version}
			}
		}
	}
	if len(part) > 1 {
		parts = append(parts, part)
	}
	return parts
}

const (
	flagOverflow = 1 << iota
	flagBegun
	flagAnew
)

func (l *ledger) append(dst []byte, g *Group) []byte {
	dst = append(dst, l.ID[:]...)
	flags := uint64(0)
	if g.Overflow {
		flags |= flagOverflow
	}
	if g.begun {
		flags |= flagBegun
	}
	if !g.start.IsZero() {
		flags |= flagAnew
	}
	dst = wire.AppendUint(dst, flags)
	dst = wire.AppendText(dst, g.Key)
	for _, v := range []float64{g.base.Good, g.base.Total, g.shown.Good, g.shown.Total} {
		dst = wire.AppendFloat(dst, v)
	}
	if flags&flagAnew != 0 {
		dst = wire.AppendInt(dst, g.start.UnixNano())
	}
	state, _ := g.account.AppendBinary(nil) // it never fails
	return wire.AppendText(dst, state)
}

// Restored counts what a part of a snapshot held.
type Restored struct {
	// Groups that are there again.
	Groups int
	// Strange is the number of groups of objectives that are no more.
	Strange int
}

// Restore takes in a part of a snapshot. The error says what is damaged; what comes before it
// is restored.
func (b *Book) Restore(part []byte, now time.Time) (n Restored, err error) {
	r := wire.NewReader(part)
	if v := r.Fixed(1); v != nil && v[0] != version {
		return n, fmt.Errorf("version %d of accounts is not known, %d is", v[0], version)
	}
	for r.More() {
		var id ID
		copy(id[:], r.Fixed(IDSize))
		g, state := readGroup(r)
		if r.Err() != nil {
			break
		}
		i, known := b.byID[id]
		if !known {
			n.Strange++
			continue
		}
		l := b.ledgers[i]
		if g.account, err = l.Plan.Restore(state, now); err != nil {
			return n, err
		}
		l.admit(g, b.maxGroups, now)
		n.Groups++
	}
	return n, r.Err()
}

func readGroup(r *wire.Reader) (g *Group, state []byte) {
	flags := r.Uint()
	g = &Group{Overflow: flags&flagOverflow != 0, begun: flags&flagBegun != 0}
	g.Key = string(r.Bytes())
	g.base = slo.Counts{Good: r.Float(), Total: r.Float()}
	g.shown = slo.Counts{Good: r.Float(), Total: r.Float()}
	if flags&flagAnew != 0 {
		g.start = time.Unix(0, r.Int()).UTC()
	}
	return g, r.Bytes()
}

// admit takes in a restored group, into that of what there is no room for if need be.
func (l *ledger) admit(g *Group, maxGroups int, now time.Time) {
	switch {
	case g.Overflow && l.overflow == nil:
		l.overflow = g
		l.groups = append(l.groups, g)
	case g.Overflow || l.byKey[g.Key] == nil && l.Grouped && len(l.byKey) >= maxGroups:
		l.spare(now).account.Merge(g.account)
	case l.byKey[g.Key] == nil:
		l.byKey[g.Key] = g
		l.groups = append(l.groups, g)
	}
}
