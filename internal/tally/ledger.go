package tally

import (
	"hash/maphash"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Options bound a [Ledger].
type Options struct {
	// MaxSeries is how many series a metric may have; more are folded.
	MaxSeries int
	// MaxFolded is how many workflows keep an overflow series of their own.
	MaxFolded int
	// MaxBuckets is the largest number of buckets of an exponential histogram; 0 for
	// none.
	MaxBuckets int
	// Bounds are the upper bounds, increasing, of the explicit histograms of durations,
	// in seconds; empty for none.
	Bounds []float64
	// CostBounds are those of the explicit histograms of money, in US dollars.
	CostBounds []float64
	// Exemplars is how many exemplars a distribution keeps between two collections.
	Exemplars int
	// Exclude are attributes of metrics that no series bears.
	Exclude []string
	// Dimensions are the attribute names of the user's dimensions.
	Dimensions []string
}

// Ledger holds every series. Safe for concurrent use.
type Ledger struct {
	opts     Options
	seed     maphash.Seed
	books    [numMetrics]*series.Table[*cell]
	folded   [numMetrics]*series.Table[*cell]
	overflow series.Overflow
	hidden   [numMetrics]uint32 // bit set of the attributes that are excluded
	expired  atomic.Int64       // how many series have
}

// cell is what a series has come to. It is guarded by the lock of its shard.
type cell struct {
	count  uint64
	amount float64
	*spread
	shown bool // the zero that starts the series has been handed out
}

// spread is what a distribution has come to.
type spread struct {
	hist      *exphist.Histogram // nil if the user wants none
	bins      *Bins              // nil if the user wants none
	exemplars reservoir
}

// NewLedger returns a ledger without series. The options come from checked
// configuration: values below 1 panic.
func NewLedger(opts Options, now time.Time) *Ledger {
	l := &Ledger{opts: opts, seed: maphash.MakeSeed()}
	for m := range numMetrics {
		fresh := l.fresh(m)
		l.books[m] = series.New(series.Options[*cell]{Max: opts.MaxSeries, New: fresh})
		l.folded[m] = series.New(series.Options[*cell]{Max: opts.MaxFolded + 1, New: fresh})
		l.reserveNameless(m, now.UnixNano())
		for i, attribute := range Metrics[m].Attributes {
			if slices.Contains(opts.Exclude, attribute) {
				l.hidden[m] |= 1 << i
			}
		}
	}
	return l
}

func (l *Ledger) fresh(m ID) func() *cell {
	if Metrics[m].Kind != metric.Distribution {
		return func() *cell { return &cell{} }
	}
	return func() *cell { return &cell{spread: l.spread(m)} }
}

func (l *Ledger) spread(m ID) *spread {
	s := &spread{}
	if l.opts.MaxBuckets > 0 {
		s.hist = exphist.New(l.opts.MaxBuckets)
	}
	bounds := l.opts.Bounds
	if m == RunCost {
		bounds = l.opts.CostBounds
	}
	if len(bounds) > 0 {
		s.bins = newBins(bounds)
	}
	return s
}

// add records a value worth n. Exemplars are kept where there are origins.
func (s *spread) add(v float64, n uint64) {
	if s.hist != nil {
		s.hist.AddN(v, n)
	}
	if s.bins != nil {
		s.bins.addN(v, n)
	}
}

// reserveNameless makes the overflow series without a workflow, so that its place
// is never taken.
func (l *Ledger) reserveNameless(m ID, now int64) {
	key := nameless()
	hash := maphash.Bytes(l.seed, key)
	shard := l.folded[m].Lock(hash)
	shard.Get(hash, key, now)
	shard.Unlock()
}

func nameless() []byte { return series.AppendString(nil, "") }

// fold changes the overflow series of the key's workflow, or the one without a
// workflow where too many workflows have one.
func (l *Ledger) fold(m ID, key []byte, now int64, change func(*cell)) {
	workflow, _, _ := series.Next(key)
	own := series.AppendString(nil, string(workflow))
	if l.changeFolded(m, own, now, change) {
		return
	}
	l.changeFolded(m, nameless(), now, change)
}

func (l *Ledger) changeFolded(m ID, key []byte, now int64, change func(*cell)) bool {
	hash := maphash.Bytes(l.seed, key)
	shard := l.folded[m].Lock(hash)
	defer shard.Unlock()
	e, state := shard.Get(hash, key, now)
	if state == series.Fold {
		return false
	}
	change(e.Value)
	return true
}

// Expire forgets the series last seen before the given time and returns how many.
func (l *Ledger) Expire(before time.Time) int {
	n := 0
	for _, book := range l.books {
		n += book.Expire(before.UnixNano(), nil)
	}
	l.expired.Add(int64(n))
	return n
}

// Len returns how many series there are, overflow series apart.
func (l *Ledger) Len() int {
	n := 0
	for _, book := range l.books {
		n += book.Len()
	}
	return n
}

// Folded returns how many spans went to overflow series, once for each metric.
func (l *Ledger) Folded() uint64 { return l.overflow.Count() }
