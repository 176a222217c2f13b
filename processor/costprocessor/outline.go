package costprocessor

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// outline is what a look at the names of attributes and at ids tells of a batch. Most spans need
// no more than that: what has no price, and nothing in it either, is left alone.
//
//	invoke_workflow support    has children: read
//	├─ run_step plan           has a child: read
//	│  └─ chat gpt-4o          names a model: read
//	├─ run_step check          left alone
//	└─ execute_tool search     names a tool: read, since the run tells how many there were
type outline struct {
	markers *markers
	marked  []sketch
	marks   []mark                // of all spans
	traces  map[flow.TraceID]part // to look into
	passing []flow.TraceID        // that may hold nothing to price
	parents bloom
}

// sketch is a span with marks.
type sketch struct {
	span     ptrace.Span
	scope    string
	index    int // among all spans of the batch
	mark     mark
	explicit float64 // what it says that a cache of answers saved
}

// part says which spans of a trace matter.
type part bool

const (
	branches part = false // those that may have a price, and those around them
	whole    part = true  // all
)

func newOutline(m *markers) outline {
	return outline{markers: m, traces: make(map[flow.TraceID]part)}
}

func (o *outline) reset() {
	clear(o.marked)
	clear(o.traces)
	o.marked, o.marks, o.passing = o.marked[:0], o.marks[:0], o.passing[:0]
}

// draw looks at all spans of a batch.
func (o *outline) draw(td ptrace.Traces) {
	var last flow.TraceID
	for _, rs := range td.ResourceSpans().All() {
		common := o.markers.of(rs.Resource().Attributes()) & markPriceable
		for _, ss := range rs.ScopeSpans().All() {
			scope := ss.Scope().Name()
			for _, span := range ss.Spans().All() {
				m := o.markers.of(span.Attributes()) | common
				trace := flow.TraceID(span.TraceID())
				if m&markPriceable != 0 {
					o.traces[trace] = branches
				} else if trace != last {
					o.passing = append(o.passing, trace)
				}
				last = trace
				if m&(markPriceable|markOurs) != 0 {
					o.marked = append(o.marked, sketch{span: span, scope: scope, index: len(o.marks), mark: m})
				}
				o.marks = append(o.marks, m)
			}
		}
	}
}

// connect notes which spans have children.
func (o *outline) connect(td ptrace.Traces) {
	o.parents.reset(len(o.marks))
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				o.parents.add(span.ParentSpanID())
			}
		}
	}
}

// matters says whether a span without a price of its own must be read.
func (o *outline) matters(i int, span ptrace.Span) bool {
	part, wanted := o.traces[flow.TraceID(span.TraceID())]
	return wanted && (part == whole || o.marks[i]&markTool != 0 || o.parents.has(span.SpanID()))
}

// bloom is a set of span ids that may say of an id that it is in it although it is not, once in
// some dozen times.
type bloom struct {
	bits []uint64 // a power of two
	last pcommon.SpanID
}

// reset empties the set, for as many ids.
func (b *bloom) reset(ids int) {
	words := 8
	for words*64 < 16*ids {
		words *= 2
	}
	if words > len(b.bits) {
		b.bits = make([]uint64, words)
	} else {
		clear(b.bits)
	}
	b.last = pcommon.SpanID{}
}

// add adds an id unless it is 0, which is no span; siblings follow each other.
func (b *bloom) add(id pcommon.SpanID) {
	if id == b.last {
		return
	}
	b.last = id
	at := b.place(id)
	b.bits[at>>6] |= 1 << (at & 63)
}

func (b *bloom) has(id pcommon.SpanID) bool {
	at := b.place(id)
	return b.bits[at>>6]>>(at&63)&1 != 0
}

// place spreads ids that count up.
func (b *bloom) place(id pcommon.SpanID) uint64 {
	h := binary.BigEndian.Uint64(id[:]) * 0x9E3779B97F4A7C15
	return h >> 32 & uint64(64*len(b.bits)-1)
}
