package tally

import (
	"hash/maphash"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// Row numbers a row that is kept from batch to batch.
type Row int32

// NoRow is the number of no row, and of those that are not kept.
const NoRow Row = -1

// rowKey is what the spans of a row share.
type rowKey struct {
	stream Stream
	shape  uint32
	parts  parts // in which they count
}

// row is what spans of one kind brought.
type row struct {
	rowKey
	step     string
	from, to int32 // the posts of the row on its shelf
	count    uint64
	last     int32 // the newest value, or -1
	sums     int32 // index of what was used and spent, or -1
}

func (r *row) empty() { r.count, r.last, r.sums = 0, -1, -1 }

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

// shelf is rows and the series that they go to.
type shelf struct {
	rows  []row
	posts []post
	keys  []byte // of the posts
}

func (s *shelf) clear() {
	clear(s.rows)
	clear(s.posts)
	s.rows, s.posts, s.keys = s.rows[:0], s.posts[:0], s.keys[:0]
}

// add adds an empty row for spans with such a reading.
func (s *shelf) add(b *Batch, key rowKey, step string, r *flow.Reading) *row {
	from := int32(len(s.posts))
	(&addressing{batch: b, shelf: s, stream: key.stream}).parts(key.parts, step, r)
	s.rows = append(s.rows, row{rowKey: key, step: step, from: from, to: int32(len(s.posts)), last: -1, sums: -1})
	return &s.rows[len(s.rows)-1]
}

// row returns the row of the observation, made anew where there is none, and its number.
func (b *Batch) row(o *Observation, p parts) (*row, Row) {
	key := rowKey{o.Stream, o.Reading.Shape, p}
	if key.shape == 0 {
		return b.strays.add(b, key, o.Step, o.Reading), NoRow
	}
	for at := b.byShape.first(b.hash(&key, o.Step)); ; at = b.byShape.after(at) {
		i := b.byShape.at(at)
		if i < 0 {
			r := b.kept.add(b, key, strings.Clone(o.Step), o.Reading)
			i = int32(len(b.kept.rows) - 1)
			b.byShape.put(at, int(i), func(i int) uint64 { return b.hash(&b.kept.rows[i].rowKey, b.kept.rows[i].step) })
			return r, Row(i)
		}
		if r := &b.kept.rows[i]; r.rowKey == key && r.step == o.Step {
			return r, Row(i)
		}
	}
}

func (b *Batch) hash(k *rowKey, step string) uint64 {
	h := (uint64(k.shape)<<32 | uint64(k.parts)<<24 ^ uint64(k.stream)) * 0x9E3779B97F4A7C15
	if step != "" {
		h ^= maphash.String(b.seed, step)
	}
	return h
}
