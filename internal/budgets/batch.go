package budgets

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// IDSize is the length of an ID.
const IDSize = 16

// ID tells the objectives apart whose state is not the same, now and after a restart.
type ID [IDSize]byte

// Batch gathers what happens between two ticks. Increments of one group within one second are
// added up, as long as few seconds alternate. Of each objective it holds the groups that the
// book has, as many new ones as there may be at all, and one for what is beyond.
//
// The zero Batch is unusable, use [NewBatch]. It is not safe for concurrent use.
type Batch struct {
	slos      []gathered
	maxGroups int
}

// gathered is what happened to one objective, by group in the order in which they came.
type gathered struct {
	groups []happening
	byKey  map[string]int
	known  map[string]struct{} // groups that the book has
	fresh  int                 // groups that it has not
}

// overflowKey is that of what there is no room for. No list of values is written so.
const overflowKey = "\xff"

type happening struct {
	key        string
	increments []increment
}

// increment is what happened within one second.
type increment struct {
	at int64 // unix seconds
	slo.Counts
}

// NewBatch returns an empty batch for n objectives of at most maxGroups groups.
func NewBatch(n, maxGroups int) *Batch {
	b := &Batch{slos: make([]gathered, n), maxGroups: maxGroups}
	for i := range b.slos {
		b.slos[i].byKey = map[string]int{}
	}
	return b
}

// Add adds an increment of a group of the i-th objective. The key is that of the group, the
// values of its attributes as package series writes them; it is copied.
func (b *Batch) Add(i int, key []byte, at time.Time, c slo.Counts) {
	second := at.Unix()
	g := b.slos[i].at(key, b.maxGroups)
	for n := len(g.increments) - 1; n >= 0 && n >= len(g.increments)-alternating; n-- {
		if g.increments[n].at == second {
			g.increments[n].Counts = g.increments[n].Plus(c)
			return
		}
	}
	g.increments = append(g.increments, increment{second, c})
}

// alternating is how many seconds may alternate.
const alternating = 8

func (g *gathered) at(key []byte, maxGroups int) *happening {
	if n, ok := g.byKey[string(key)]; ok {
		return &g.groups[n]
	}
	name := string(key)
	if _, known := g.known[name]; !known && name != overflowKey {
		if g.fresh >= maxGroups {
			return g.at([]byte(overflowKey), maxGroups)
		}
		g.fresh++
	}
	g.byKey[name] = len(g.groups)
	g.groups = append(g.groups, happening{key: name})
	return &g.groups[len(g.groups)-1]
}

// Expect takes note of the groups that the book has.
func (b *Batch) Expect(book *Book) {
	for i, l := range book.ledgers {
		known := make(map[string]struct{}, len(l.byKey))
		for key := range l.byKey {
			known[key] = struct{}{}
		}
		b.slos[i].known = known
	}
}

// AppendRecord appends what the batch holds as the record of a tick at now, and empties it.
func (b *Batch) AppendRecord(dst []byte, book *Book, now time.Time) []byte {
	dst = wire.AppendInt(dst, now.UnixNano())
	for i := range b.slos {
		all := &b.slos[i]
		if len(all.groups) == 0 {
			continue
		}
		dst = append(dst, book.ledgers[i].ID[:]...)
		dst = wire.AppendUint(dst, uint64(len(all.groups)))
		for _, g := range all.groups {
			dst = wire.AppendText(dst, g.key)
			dst = wire.AppendUint(dst, uint64(len(g.increments)))
			for _, n := range g.increments {
				dst = wire.AppendInt(dst, n.at-now.Unix())
				dst = wire.AppendFloat(dst, n.Good)
				dst = wire.AppendFloat(dst, n.Total)
			}
		}
		*all = gathered{byKey: map[string]int{}, known: all.known}
	}
	return dst
}
