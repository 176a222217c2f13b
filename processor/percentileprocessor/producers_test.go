package percentileprocessor

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// Two gateways that do not name themselves tell totals of one stream in turn.
func TestProducersOfOneStreamAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(0.5))
		one := produce(nil)
		time.Sleep(time.Second)
		two := produce(nil)
		for range 10 {
			time.Sleep(time.Second)
			b.consume(one.add(1).metrics())
			b.consume(two.add(100, 100).metrics())
		}
		assert.Equal(t, map[string]int64{"began": 2, "counted": 18}, b.outcomes())
		time.Sleep(flushed)
		assert.InEpsilon(t, 100, b.newest()["workflow.run.duration.quantile{quantile=0.5}"], 0.001, "20 of 30")
		b.stop()
	})
}

// Increments count as they are, from any number of producers and in any order.
func TestDeltas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(0.5))
		p := produce(nil)
		p.delta = true
		time.Sleep(time.Second)
		first := p.add(1).metrics()
		time.Sleep(time.Second)
		b.consume(p.add(9, 9).metrics())
		b.consume(first)
		b.consume(first)
		assert.Equal(t, map[string]int64{"counted": 2, "duplicate": 1}, b.outcomes())
		time.Sleep(flushed)
		assert.InDelta(t, 9, b.newest()["workflow.run.duration.quantile{quantile=0.5}"], 0, "of 1 9 9")
		b.stop()
	})
}

// Batches come from many goroutines while quantiles are sent on: nothing is lost.
func TestManyAtOnce(t *testing.T) {
	b := start(t, func(c *Config) {
		only(1)(c)
		c.FlushInterval = Duration(time.Millisecond)
	})
	const goroutines, each = 8, 50
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			p := produce(map[string]any{"workflow.name": "shared", "producer": i % 2})
			p.delta = true
			for n := range each {
				b.consume(p.add(float64(n + 1)).metrics())
			}
		})
	}
	all.Wait()
	b.stop()
	got := b.newest()
	for _, producer := range []string{"0", "1"} {
		assert.InDelta(t, each, got["workflow.run.duration.quantile{producer="+producer+",quantile=1,workflow.name=shared}"], 0)
	}
	outcomes := b.outcomes()
	assert.Equal(t, int64(goroutines*each), outcomes["counted"]+outcomes["duplicate"])
}
