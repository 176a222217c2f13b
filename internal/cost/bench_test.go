package cost

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// One call with a model that was seen before: what the processor does for nearly every span. The bound is 1 µs
// and no allocation.
func BenchmarkPrice(b *testing.B) {
	c := newCatalog(b, Settings{
		Builtin: true,
		Overrides: []Override{
			{Provider: "azure", Model: ModelMatch{Equals: "my-deploy"}, As: "openai/gpt-4o"},
			{Provider: "openai", Model: ModelMatch{Prefix: "gpt-5.6-sol"}, Prices: mtok(2, 10)},
		},
	})
	at := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	plain := Usage{Input: 1200, Output: 300}
	cached := Usage{Input: 12000, CacheRead: 5000, CacheWrite: 6000, CacheWrite1h: 2000, Output: 1000, OutputReasoning: 100}
	for _, bc := range []struct {
		name string
		r    Request
	}{
		{"plain", Request{Provider: "openai", Model: "gpt-4o-2024-08-06", Usage: plain}},
		{"cached", Request{Provider: "anthropic", Model: "claude-sonnet-4-5-20250929", Usage: cached}},
		{"batch", Request{Provider: "anthropic", Model: "claude-haiku-4-5", Usage: cached, Tier: TierBatch}},
		{"baseline", Request{Provider: "anthropic", Model: "claude-haiku-4-5", Usage: cached, Baseline: "anthropic/claude-opus-4-5"}},
		{"no provider", Request{Model: "gemini-2.5-pro", Endpoint: "generativelanguage.googleapis.com", Usage: plain}},
		{"unknown", Request{Provider: "openai", Model: "nobody-knows", RequestModel: "nor-this", Usage: plain}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			bc.r.At = at
			c.Price(&bc.r)
			b.ReportAllocs()
			for b.Loop() {
				c.Price(&bc.r)
			}
		})
	}
}

// A model that was not seen before.
func BenchmarkResolve(b *testing.B) {
	c := newCatalog(b, Settings{Builtin: true})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Price(&Request{Provider: "openai", Model: "gpt-" + strconv.Itoa(i), Usage: Usage{Input: 1}})
	}
}

// Compiling the embedded prices, once a process, and what they keep in memory.
func BenchmarkCompileBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compileOnce(b)
	}
	b.StopTimer()
	before := heap()
	layers := compileOnce(b)
	b.ReportMetric(float64(heap()-before)/1024, "KiB/catalog")
	runtime.KeepAlive(layers)
}

// Compiling a catalog after the first: what a reload costs.
func BenchmarkNew(b *testing.B) {
	newCatalog(b, Settings{Builtin: true})
	b.ReportAllocs()
	for b.Loop() {
		newCatalog(b, Settings{Builtin: true})
	}
}

func compileOnce(b *testing.B) []*layer {
	b.Helper()
	layers, err := compileBuiltin()
	require.NoError(b, err)
	return layers
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
