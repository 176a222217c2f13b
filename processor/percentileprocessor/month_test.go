package percentileprocessor

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/window"
)

// month is an oracle: it remembers what was sent, and what was told last and when.
type month struct {
	t     *testing.T
	rnd   *rand.Rand
	begin time.Time
	sent  []batch

	mu     sync.Mutex // guards what was told, and when
	told   map[string]float64
	toldAt time.Time

	looked int // times at which there was something, and at which there was nothing
	empty  int
}

// batch is what one data point added.
type batch struct {
	at     time.Time
	values []float64
}

const (
	monthWindow = 5 * time.Minute
	monthFlush  = 15 * time.Second
)

func (m *month) consume(_ context.Context, md pmetric.Metrics) error {
	if told := gauges(md); len(told) > 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.told, m.toldAt = told, time.Now()
	}
	return nil
}

// window returns what must have been in the window at a time.
func (m *month) window(at time.Time) (in []float64) {
	width := monthWindow / window.Subs
	oldest := at.Truncate(width).Add(-window.Subs * width)
	m.sent = slices.DeleteFunc(m.sent, func(b batch) bool { return b.at.Before(oldest) })
	for _, b := range m.sent {
		if !b.at.After(at) {
			in = append(in, b.values...)
		}
	}
	return in
}

// look holds what was told at the last flush against what was in the window then.
func (m *month) look() {
	synctest.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	last := m.begin.Add(time.Since(m.begin).Truncate(monthFlush))
	in := m.window(last)
	if len(in) == 0 {
		m.empty++
		assert.NotEqual(m.t, last, m.toldAt, "there was nothing to tell at %v", last)
		return
	}
	m.looked++
	require.Equal(m.t, last, m.toldAt, "nothing was told at %v of %d values", last, len(in))
	truth := exact(in, 0.9)
	off := m.told["workflow.run.duration.quantile.error{quantile=0.9}"] + 1e-9*truth
	assert.InDelta(m.t, truth, m.told["workflow.run.duration.quantile{quantile=0.9}"], off, "at %v of %d values", last, len(in))
}

// work has a process run for a while, with more or less to do and breaks in between.
func (m *month) work(b *bench, lasts time.Duration) {
	p := produce(nil)
	for end := time.Now().Add(lasts); time.Now().Before(end); {
		time.Sleep(time.Duration(5+m.rnd.IntN(25)) * time.Second)
		m.look()
		var values []float64
		if m.rnd.IntN(60) > 0 {
			for range m.rnd.IntN(4) {
				values = append(values, 0.01*float64(1+m.rnd.IntN(100_000)))
			}
		} else {
			m.idle(b, p)
		}
		b.consume(p.add(values...).metrics())
		m.sent = append(m.sent, batch{time.Now(), values})
	}
}

// idle tells the same total again and again.
func (m *month) idle(b *bench, p *producer) {
	for range m.rnd.IntN(40) {
		time.Sleep(15 * time.Second)
		b.consume(p.metrics())
		m.look()
	}
}

// A month of processes that start, work, idle, end, and start again: what is told is
// always that of the last minutes, there is something whenever there is something to
// tell, and in the end nothing is left.
func TestThirtyDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &month{t: t, rnd: rand.New(rand.NewPCG(30, 1))}
		b := start(t, func(c *Config) {
			only(0.9)(c)
			c.Rules[0].Error = true
			c.Rules[0].KeepOriginal.dropped = true
		})
		m.begin = time.Now()
		var err error
		b.p.next, err = consumerOf(m.consume)
		require.NoError(t, err)
		time.Sleep(time.Second / 2) // so that nothing is sent at the moment of a flush
		for end := time.Now().Add(30 * 24 * time.Hour); time.Now().Before(end); {
			m.work(b, time.Duration(1+m.rnd.IntN(60))*time.Minute)
			for rest := time.Duration(m.rnd.IntN(24*60)) * time.Minute; rest > 0; rest -= time.Hour {
				time.Sleep(min(rest, time.Hour))
				m.look()
			}
		}
		assert.Greater(t, m.looked, 2000)
		assert.Greater(t, m.empty, 100)
		time.Sleep(2 * time.Hour)
		assert.Zero(t, b.p.board.Groups())
		assert.Zero(t, b.p.board.Streams())
		b.stop()
	})
}
