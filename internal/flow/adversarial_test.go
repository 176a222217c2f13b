package flow

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// hostile are messages of n spans that take the time of n² where judging a span looks at many
// others. That they are judged rightly is a test, that it takes the time of n a benchmark.
var hostile = []struct {
	name  string
	grow  func(n int) ([]Span, []Reading)
	calls func(n int) int // that count
	usage func(n int) int // that counts
}{
	{"random ids", func(n int) ([]Span, []Reading) {
		return grow(n, "step", func(i int, s *Span) { s.ID = scrambled(i) })
	}, none, none},
	{"ids count up in little endian", func(n int) ([]Span, []Reading) {
		return grow(n, "step", func(i int, s *Span) { s.ID = SpanID(bits.ReverseBytes64(uint64(i + 1))) })
	}, none, none},
	{"ids are multiples", func(n int) ([]Span, []Reading) {
		return grow(n, "step", func(i int, s *Span) { s.ID = SpanID(i+1) << 40 })
	}, none, none},
	{"ids that a product brings together", func(n int) ([]Span, []Reading) {
		return grow(n, "step", func(i int, s *Span) { s.ID = SpanID(i+1) * inverse(hashMul1) })
	}, none, none},
	{"traces count up in big endian", func(n int) ([]Span, []Reading) {
		return grow(n, "step", func(i int, s *Span) {
			s.ID = scrambled(i)
			binary.BigEndian.PutUint64(s.Trace[8:], uint64(i+1))
		})
	}, none, none},
	{"a circle", func(n int) ([]Span, []Reading) {
		return grow(n, "chat+use", func(i int, s *Span) { s.ID, s.Parent = scrambled(i), scrambled((i+1)%n) })
	}, one, one},
	{"tools under a chain", func(n int) ([]Span, []Reading) {
		return chainAndLeaves(n, "plain", "toolA")
	}, half, none},
	{"tools under a chain of others", func(n int) ([]Span, []Reading) {
		return chainAndLeaves(n, "toolB", "toolA")
	}, func(n int) int { return n/2 + 1 }, none},
	{"tools under a chain of as many", func(n int) ([]Span, []Reading) {
		spans, readings := chainAndLeaves(n, "toolB", "toolA")
		for i := range n / 2 {
			readings[i].Call.Tool = strconv.Itoa(i)
		}
		return spans, readings
	}, all, none},
	{"missing parents", func(n int) ([]Span, []Reading) {
		return grow(n, "chat+use", func(i int, s *Span) { s.ID, s.Parent = scrambled(i), scrambled(i+n) })
	}, all, all},
	{"calls under a chain", func(n int) ([]Span, []Reading) {
		return chainAndLeaves(n, "plain", "chat+use")
	}, half, half},
}

func none(int) int   { return 0 }
func one(int) int    { return 1 }
func half(n int) int { return n / 2 }
func all(n int) int  { return n }

// grow returns n spans of that shape.
func grow(n int, word string, set func(i int, s *Span)) ([]Span, []Reading) {
	spans, readings := make([]Span, n), make([]Reading, n)
	for i := range spans {
		spans[i], readings[i] = Span{Trace: TraceID{1}}, shape(word)
		set(i, &spans[i])
	}
	return spans, readings
}

// chainAndLeaves returns a chain of n/2 spans below a missing one, and n/2 at its bottom.
func chainAndLeaves(n int, link, leaf string) ([]Span, []Reading) {
	spans, readings := grow(n, link, func(i int, s *Span) {
		s.ID, s.Parent = scrambled(i), scrambled(min(i, n/2)-1)
		if i == 0 {
			s.Parent = scrambled(n)
		}
	})
	for i := n / 2; i < n; i++ {
		readings[i] = shape(leaf)
	}
	return spans, readings
}

// scrambled returns ids that look random, as SDKs make them.
func scrambled(i int) SpanID { return SpanID(i+1) * 0xBF58476D1CE4E5B9 }

// inverse returns the number whose product with an odd one is 1 modulo 2^64.
func inverse(odd SpanID) SpanID {
	x := odd
	for range 6 {
		x *= 2 - odd*x
	}
	return x
}

func add(tree *Tree, spans []Span, readings []Reading) {
	for i := range spans {
		tree.Add(&spans[i], &readings[i])
	}
}

func TestHostileMessagesAreJudgedRightly(t *testing.T) {
	for _, c := range hostile {
		for _, n := range []int{2, 64, 512} {
			var tree Tree
			spans, readings := c.grow(n)
			add(&tree, spans, readings)
			tree.Resolve(mapMemory{})
			calls, usage := 0, 0
			for i := range n {
				v := tree.Verdict(i)
				assert.Equal(t, stepAbove(&tree, i), tree.StepAt(i), "%s: step around span %d of %d", c.name, i, n)
				assert.Zero(t, v.Faults&FaultDuplicateID, "%s: span %d of %d", c.name, i, n)
				if v.CountsCall {
					calls++
				}
				if v.CountsUsage {
					usage++
				}
			}
			assert.Equal(t, c.calls(n), calls, "%s: calls of %d spans", c.name, n)
			assert.Equal(t, c.usage(n), usage, "%s: usage of %d spans", c.name, n)
		}
	}
}

// stepAbove goes all the way up, as StepAt need not.
func stepAbove(t *Tree, i int) int {
	for ; i >= 0; i = int(t.nodes[i].parent) {
		switch v := t.Verdict(i); {
		case v.Role == RoleStep, v.Role == RoleAttempt:
			return i
		case v.Run != NotRun:
			return -1
		}
	}
	return -1
}

// TestIDsMeetSeldom asks how far from its place in the tables a span lies: a quarter full, a
// table of random ids lets them lie a sixth of a place away.
func TestIDsMeetSeldom(t *testing.T) {
	const n = 8192
	for _, c := range hostile {
		var tree Tree
		spans, readings := c.grow(n)
		add(&tree, spans, readings)
		away := uint64(0)
		for at, i := range tree.ids {
			if i > 0 {
				s := &tree.nodes[i-1]
				away += (uint64(at) - mix(uint64(s.id), uint64(s.inTrace))) % uint64(len(tree.ids))
			}
		}
		for at, k := range tree.traceIDs {
			if k > 0 {
				id := &tree.traces[k-1].id
				home := mix(binary.LittleEndian.Uint64(id[8:]), binary.LittleEndian.Uint64(id[:8]))
				away += (uint64(at) - home) % uint64(len(tree.traceIDs))
			}
		}
		assert.Less(t, away, uint64(2*n), c.name)
	}
}

// TestToolsAreLookedThroughUpToABound has a tool in itself, with others between.
func TestToolsAreLookedThroughUpToABound(t *testing.T) {
	for between, want := range map[int]string{0: "", maxNested - 1: "", maxNested: "call"} {
		spans, readings := grow(between+2, "toolB", func(i int, s *Span) { s.ID, s.Parent = SpanID(i+1), SpanID(i) })
		readings[0], readings[between+1] = shape("toolA"), shape("toolA")
		var tree Tree
		add(&tree, spans, readings)
		tree.Resolve(nil)
		assert.Equal(t, want, tell(tree.Verdict(0)), "%d between", between)
	}
}

// keeper is a Memory with room for one trace, which it reuses.
type keeper struct{ remembered }

func (k *keeper) Recall(_ TraceID, f []Frontier, p []Passage) ([]Frontier, []Passage) {
	return append(f, k.waiting...), append(p, k.passed...)
}

func (k *keeper) Remember(_ TraceID, f []Frontier, p []Passage) {
	k.waiting, k.passed = append(k.waiting[:0], f...), append(k.passed[:0], p...)
}

func TestHostileMessagesDoNotAllocate(t *testing.T) {
	for _, c := range hostile {
		spans, readings := c.grow(256)
		var tree Tree
		var memory keeper
		work := func() {
			tree.Reset()
			add(&tree, spans, readings)
			tree.Resolve(&memory)
		}
		assert.Zero(t, testing.AllocsPerRun(5, work), c.name)
	}
}

// A node fills a cache line and no more.
func TestNodeIsACacheLine(t *testing.T) {
	assert.Equal(t, uintptr(64), unsafe.Sizeof(node{}))
}

// BenchmarkTreeAdversarial tells what a span costs in a small message and in a large one: where
// both cost the same but for the caches, the time is linear.
func BenchmarkTreeAdversarial(b *testing.B) {
	for _, c := range hostile {
		for _, n := range []int{4096, 65536} {
			b.Run(c.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				spans, readings := c.grow(n)
				var tree Tree
				for b.Loop() {
					tree.Reset()
					add(&tree, spans, readings)
					tree.Resolve(mapMemory{})
					for i := range spans {
						tree.StepAt(i)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/span")
			})
		}
	}
}
