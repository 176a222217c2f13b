package tally

import (
	"hash/maphash"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Batch gathers what a batch of spans means for the series. Spans of the same words and of
// the same stream share a row, so that the series are looked up once a row and not once a
// span:
//
//	stream (pay, shop)   step charge, success    3 spans   0.1 s  0.2 s  0.1 s
//	stream (pay, shop)   chat gpt-4o, success    2 spans   0.9 s  1.1 s         620 in  84 out
//
// It borrows the strings of its observations until Reset and keeps its memory, so that a
// steady load allocates nothing. Not safe for concurrent use.
type Batch struct {
	seed    maphash.Seed
	streams []stretch // of keys, by Stream
	keys    []byte
	key     []byte // the key being built
	latest  latest
	byName  index
	rows    []row
	byShape index
	values  []value
	origins []Origin // of the values, if there are to be exemplars
	sums    []sums

	exemplars bool
}

// Stream numbers whose spans are counted together within a batch: those of one workflow,
// service and set of the user's dimensions.
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

// rowKey is what the spans of a row share.
type rowKey struct {
	stream Stream
	shape  uint32
	parts  parts // in which they count
}

// row is what spans of one kind brought.
type row struct {
	rowKey
	step    string
	reading *flow.Reading
	count   uint64
	last    int32 // the newest value, or -1
	sums    int32 // index of what was used and spent, or -1
}

// value is one duration, worth n spans.
type value struct {
	v    float64
	n    uint64
	next int32 // the value before it, or -1
}

// sums is what the calls of a row used, spent and saved.
type sums struct {
	tokens  [tokenKinds]uint64
	usd     float64
	hasCost bool
	saved   [flow.MechanismCount]float64
	extra   [flow.MechanismCount]float64 // what was dearer with the mechanism: counters only grow
}

// NewBatch returns an empty batch whose rows fit the given ledger.
func NewBatch(l *Ledger) *Batch {
	return &Batch{
		seed: l.seed, byName: newIndex(), byShape: newIndex(),
		exemplars: l.opts.Exemplars > 0,
	}
}

// Reset forgets every row and keeps the memory.
func (b *Batch) Reset() {
	clear(b.rows)
	clear(b.latest.dimensions)
	b.streams, b.keys = b.streams[:0], b.keys[:0]
	b.rows, b.values, b.origins, b.sums = b.rows[:0], b.values[:0], b.origins[:0], b.sums[:0]
	b.latest = latest{dimensions: b.latest.dimensions[:0]}
	b.byName.reset()
	b.byShape.reset()
}

// Stream returns the number of a stream, good until Reset.
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

// row returns the row of the observation, made anew where the batch has none.
func (b *Batch) row(o *Observation, p parts) *row {
	key := rowKey{o.Stream, o.Reading.Shape, p}
	if key.shape == 0 {
		return b.addRow(key, o)
	}
	for at := b.byShape.first(b.hash(&key, o.Step)); ; at = b.byShape.after(at) {
		i := b.byShape.at(at)
		if i < 0 {
			r := b.addRow(key, o)
			b.byShape.put(at, len(b.rows)-1, func(i int) uint64 { return b.hash(&b.rows[i].rowKey, b.rows[i].step) })
			return r
		}
		if r := &b.rows[i]; r.rowKey == key && r.step == o.Step {
			return r
		}
	}
}

func (b *Batch) addRow(key rowKey, o *Observation) *row {
	b.rows = append(b.rows, row{rowKey: key, step: o.Step, reading: o.Reading, last: -1, sums: -1})
	return &b.rows[len(b.rows)-1]
}

func (b *Batch) hash(k *rowKey, step string) uint64 {
	h := (uint64(k.shape)<<32 | uint64(k.parts)<<24 ^ uint64(k.stream)) * 0x9E3779B97F4A7C15
	if step != "" {
		h ^= maphash.String(b.seed, step)
	}
	return h
}
