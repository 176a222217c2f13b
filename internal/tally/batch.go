package tally

import (
	"hash/maphash"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Batch gathers what a batch of spans means for the series. Spans of the same words and of
// the same stream share a row, so that the series are looked up once a row and not once a
// span:
//
//	stream (pay, shop)   step charge, success    3 spans   0.1 s  0.2 s  0.1 s
//	stream (pay, shop)   chat gpt-4o, success    2 spans   0.9 s  1.1 s         620 in  84 out
//
// Rows, and which series they go to, are kept from batch to batch, up to maxRows of them and
// until a series expires; what the spans brought is not. It borrows the strings of its observations until Reset and keeps
// its memory, so that a steady load allocates nothing. Not safe for concurrent use.
type Batch struct {
	ledger  *Ledger
	seed    maphash.Seed
	streams []stretch // of keys, by Stream
	keys    []byte
	key     []byte // the key being built
	latest  latest
	byName  index
	kept    shelf // rows by Row
	used    []Row // those of this batch
	byShape index
	strays  shelf // rows of this batch alone
	values  []value
	origins []Origin // of the values, if there are to be exemplars
	sums    []sums
	age     uint32 // how often the rows were forgotten
	expired int64  // how many series of the ledger had expired then

	exemplars bool
}

const (
	// maxRows is the most rows that are kept from batch to batch, and of streams.
	maxRows = 1024
	// maxKeys is the most bytes of keys that are kept.
	maxKeys = 1 << 18
)

// Stream numbers whose spans are counted together: those of one workflow, service and set of
// the user's dimensions.
type Stream int32

// stretch is the place of a key among others.
type stretch struct {
	hash     uint64
	from, to uint32
}

// latest is the stream asked for last: neighbours in a batch mostly share it.
type latest struct {
	workflow, service string
	dimensions        []string
	stream            Stream
	ok                bool
}

// NewBatch returns an empty batch whose rows go to the given ledger.
func NewBatch(l *Ledger) *Batch {
	return &Batch{
		ledger: l, seed: l.seed, byName: newIndex(), byShape: newIndex(),
		exemplars: l.opts.Exemplars > 0, expired: l.expired.Load(),
	}
}

// Reset empties every row and keeps the memory.
func (b *Batch) Reset() {
	for _, i := range b.used {
		b.kept.rows[i].empty()
	}
	b.used = b.used[:0]
	b.strays.clear()
	clear(b.latest.dimensions)
	b.values, b.origins, b.sums = b.values[:0], b.origins[:0], b.sums[:0]
	b.latest = latest{dimensions: b.latest.dimensions[:0]}
	if max(len(b.kept.rows), len(b.streams)) > maxRows || max(len(b.keys), len(b.kept.keys)) > maxKeys ||
		b.expired != b.ledger.expired.Load() {
		b.forget()
	}
}

// forget empties the batch of rows and streams, and so lets go of series that have expired.
func (b *Batch) forget() {
	b.age++
	b.expired = b.ledger.expired.Load()
	b.streams, b.keys = b.streams[:0], b.keys[:0]
	b.kept.clear()
	b.byName.reset()
	b.byShape.reset()
}

// Age says how often the batch has forgotten its streams and rows: then their numbers mean
// others.
func (b *Batch) Age() uint32 { return b.age }

// Stream returns the number of a stream, good for as long as Age stays.
func (b *Batch) Stream(workflow, service string, dimensions []string) Stream {
	if b.latest.is(workflow, service, dimensions) {
		return b.latest.stream
	}
	b.begin(workflow, service)
	b.key = AppendDimensions(b.key, dimensions)
	s := b.find()
	b.latest = latest{workflow, service, append(b.latest.dimensions[:0], dimensions...), s, true}
	return s
}

// StreamOf returns the number of a stream whose dimensions are packed by AppendDimensions.
func (b *Batch) StreamOf(workflow, service, dimensions string) Stream {
	b.begin(workflow, service)
	b.key = append(b.key, dimensions...)
	return b.find()
}

// begin begins the key of a stream.
func (b *Batch) begin(workflow, service string) {
	b.key = series.AppendString(series.AppendString(b.key[:0], workflow), service)
}

// AppendDimensions appends the values of the user's dimensions to packed ones.
func AppendDimensions(key []byte, values []string) []byte {
	for _, v := range values {
		key = series.AppendString(key, v)
	}
	return key
}

func (l *latest) is(workflow, service string, dimensions []string) bool {
	if !l.ok || l.workflow != workflow || l.service != service {
		return false
	}
	for i := range dimensions {
		if l.dimensions[i] != dimensions[i] {
			return false
		}
	}
	return true
}

// find returns the stream of the key being built, made anew where the batch has none.
func (b *Batch) find() Stream {
	hash := maphash.Bytes(b.seed, b.key)
	for at := b.byName.first(hash); ; at = b.byName.after(at) {
		i := b.byName.at(at)
		if i < 0 {
			from := len(b.keys)
			b.keys = append(b.keys, b.key...)
			b.streams = append(b.streams, stretch{hash, uint32(from), uint32(len(b.keys))})
			b.byName.put(at, len(b.streams)-1, func(i int) uint64 { return b.streams[i].hash })
			return Stream(len(b.streams) - 1)
		}
		if s := &b.streams[i]; s.hash == hash && string(b.keys[s.from:s.to]) == string(b.key) {
			return Stream(i)
		}
	}
}

// stream returns the key of a stream.
func (b *Batch) stream(s Stream) []byte { return b.keys[b.streams[s].from:b.streams[s].to] }
