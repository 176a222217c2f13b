package meter

import (
	"errors"
	"fmt"
	"math"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// AppendAll appends what is remembered of the running totals.
func (t *Table) AppendAll(dst []byte) []byte {
	for i, e := range t.entries {
		if e.delta == nil {
			dst = e.append(dst, i)
		}
	}
	clear(t.changed)
	return dst
}

// AppendChanged appends the streams that changed since the last AppendAll or AppendChanged.
func (t *Table) AppendChanged(dst []byte) []byte {
	for i := range t.changed {
		dst = t.entries[i].append(dst, i)
	}
	clear(t.changed)
	return dst
}

// append writes a stream: its key, kind, when it was seen, and its producers.
func (e *entry) append(dst []byte, i id) []byte {
	dst = append(append(dst, i.key[:]...), byte(i.kind))
	dst = wire.AppendInt(dst, e.seen)
	switch i.kind {
	case kindNumber:
		dst = appendProducers(dst, e.numbers, func(dst []byte, total stream.Total[*float64]) []byte {
			return wire.AppendFloat(dst, float64(*total.(*stream.Number)))
		})
	case kindExplicit:
		dst = appendProducers(dst, e.explicits, func(dst []byte, total stream.Total[*binhist.Histogram]) []byte {
			return appendExplicit(dst, total.(*binhist.Histogram))
		})
	case kindExponential, kindCount:
		dst = appendProducers(dst, e.exponentials, func(dst []byte, total stream.Total[*exphist.Histogram]) []byte {
			h := exphist.New(exphist.MaxSize)
			total.(*exphist.Packed).AddTo(h)
			return appendExponential(dst, h)
		})
	}
	return dst
}

func appendProducers[V any](dst []byte, c *stream.Cumulative[V], write func([]byte, stream.Total[V]) []byte) []byte {
	n := 0
	for range c.Producers() {
		n++
	}
	dst = wire.AppendUint(dst, uint64(n))
	for times, total := range c.Producers() {
		dst = wire.AppendInt(dst, times.Start)
		dst = wire.AppendInt(dst, times.End)
		dst = write(dst, total)
	}
	return dst
}

func appendCounts(dst []byte, counts []uint64) []byte {
	dst = wire.AppendUint(dst, uint64(len(counts)))
	for _, v := range counts {
		dst = wire.AppendUint(dst, v)
	}
	return dst
}

func appendExplicit(dst []byte, h *binhist.Histogram) []byte {
	dst = wire.AppendUint(dst, uint64(len(h.Bounds())))
	for _, bound := range h.Bounds() {
		dst = wire.AppendFloat(dst, bound)
	}
	return appendCounts(dst, h.Counts())
}

func appendExponential(dst []byte, h *exphist.Histogram) []byte {
	dst = wire.AppendInt(dst, int64(h.Scale()))
	dst = wire.AppendUint(dst, h.ZeroCount())
	dst = wire.AppendFloat(dst, h.ZeroThreshold())
	for _, b := range []exphist.Buckets{h.Positive(), h.Negative()} {
		dst = wire.AppendInt(dst, int64(b.Offset()))
		dst = appendCounts(dst, b.AppendTo(nil))
	}
	return dst
}

// Restore takes in streams as AppendAll and AppendChanged wrote them, over those of the same
// keys. Those before an error stay.
func (t *Table) Restore(data []byte) error {
	r := wire.NewReader(data)
	for r.More() {
		var i id
		copy(i.key[:], r.Fixed(KeySize))
		if raw := r.Fixed(1); raw != nil {
			i.kind = kind(raw[0])
		}
		if i.kind >= kindCount {
			r.Fail(fmt.Errorf("a stream of kind %d is not known", i.kind))
			break
		}
		e := newEntry(i.kind, false)
		e.seen = r.Int()
		e.restore(r, i.kind)
		if r.Err() == nil && (t.entries[i] != nil || len(t.entries) < t.max) {
			t.entries[i] = e
		}
	}
	return r.Err()
}

func (e *entry) restore(r *wire.Reader, k kind) {
	switch k {
	case kindNumber:
		restoreProducers(r, e.numbers, func(total stream.Total[*float64]) {
			v := r.Float()
			total.Set(&v)
		}, stream.NewNumber)
	case kindExplicit:
		restoreProducers(r, e.explicits, func(total stream.Total[*binhist.Histogram]) {
			total.Set(readExplicit(r))
		}, stream.NewExplicit)
	case kindExponential, kindCount:
		restoreProducers(r, e.exponentials, func(total stream.Total[*exphist.Histogram]) {
			total.Set(readExponential(r))
		}, stream.NewExponential)
	}
}

func restoreProducers[V any](r *wire.Reader, c *stream.Cumulative[V], read func(stream.Total[V]), fresh func() stream.Total[V]) {
	n := r.Len(3)
	if n > stream.MaxProducers {
		r.Fail(fmt.Errorf("%d producers of a stream are more than %d", n, stream.MaxProducers))
	}
	for range n {
		times := stream.Times{Start: r.Int(), End: r.Int()}
		total := fresh()
		read(total)
		if r.Err() != nil {
			return
		}
		c.Restore(times, total)
	}
}

func readCounts(r *wire.Reader) []uint64 {
	counts := make([]uint64, r.Len(1))
	for i := range counts {
		counts[i] = r.Uint()
	}
	return counts
}

func readExplicit(r *wire.Reader) *binhist.Histogram {
	p := binhist.Parts{Bounds: make([]float64, r.Len(1)), Min: math.NaN(), Max: math.NaN()}
	for i := range p.Bounds {
		p.Bounds[i] = r.Float()
	}
	p.Counts = readCounts(r)
	h := new(binhist.Histogram)
	if err := h.Load(p); err != nil {
		r.Fail(err)
	}
	return h
}

var errScale = errors.New("the scale or an offset of a histogram is out of range")

func readExponential(r *wire.Reader) *exphist.Histogram {
	scale := r.Int()
	p := exphist.Parts{ZeroCount: r.Uint(), ZeroThreshold: r.Float(), Min: math.NaN(), Max: math.NaN()}
	offset := r.Int()
	p.Positive = readCounts(r)
	negativeOffset := r.Int()
	p.Negative = readCounts(r)
	p.Scale, p.PositiveOffset, p.NegativeOffset = int32(scale), int32(offset), int32(negativeOffset)
	if int64(p.Scale) != scale || int64(p.PositiveOffset) != offset || int64(p.NegativeOffset) != negativeOffset {
		r.Fail(errScale)
	}
	h, err := exphist.FromParts(exphist.MaxSize, p)
	if err != nil {
		r.Fail(err)
		return exphist.New(exphist.MinSize)
	}
	return h
}
