package series_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// benchKeys are n keys as the connector makes them: five labels, 64 bytes or so.
func benchKeys(n int) [][]byte {
	keys := make([][]byte, n)
	for i := range keys {
		keys[i] = keyOf("customer-support", fmt.Sprintf("step-%06d", i), "task", "success", "some.service.name.here")
	}
	return keys
}

func touch(t *series.Table[int64], key []byte, now int64) {
	hash := t.Hash(key)
	s := t.Lock(hash)
	if e, state := s.Get(hash, key, now); state != series.Fold {
		e.Value++
	}
	s.Unlock()
}

// BenchmarkKnown is the way of nearly every observation. Run it with -cpu 1,2.
func BenchmarkKnown(b *testing.B) {
	keys := benchKeys(1000)
	table := series.New[int64](series.Options[int64]{Max: len(keys)})
	for _, key := range keys {
		touch(table, key, 0)
	}
	var start atomic.Int64 // apart, lest all walk in step from lock to lock
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := int(start.Add(389)); pb.Next(); i++ {
			touch(table, keys[i%len(keys)], int64(i))
		}
	})
}

// BenchmarkFold is a miss in a full table.
func BenchmarkFold(b *testing.B) {
	keys := benchKeys(2000)
	table := series.New[int64](series.Options[int64]{Max: 1000})
	for _, key := range keys[:1000] {
		touch(table, key, 0)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		touch(table, keys[1000+i%1000], int64(i))
	}
}

// BenchmarkCreate is a miss that makes an entry, and its share of Expire.
func BenchmarkCreate(b *testing.B) {
	const limit = 1000
	table := series.New[int64](series.Options[int64]{Max: limit})
	key := make([]byte, 64)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		binary.LittleEndian.PutUint64(key, uint64(i))
		touch(table, key, int64(i))
		if table.Len() == limit {
			table.Expire(int64(i)+1, nil)
		}
	}
}

// BenchmarkMemory holds the formula of the package doc against the heap, with keys of 64 bytes.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			key := make([]byte, 64)
			var bytes uint64
			for b.Loop() {
				before := heap()
				table := series.New[int64](series.Options[int64]{Max: n})
				for i := range n {
					binary.LittleEndian.PutUint64(key, uint64(i))
					touch(table, key, 0)
				}
				bytes = heap() - before
				runtime.KeepAlive(table)
			}
			b.ReportMetric(float64(bytes)/float64(n), "B/series")
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
