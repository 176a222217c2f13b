package accuracy_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	perSecond = 100
	warm      = 6 * time.Minute // until windows hold nothing but what they are to
	looked    = 2 * time.Minute // at every 7 s
	flush     = 15 * time.Second
	sub       = 30 * time.Second // of a window of 5 minutes
)

// sample is a duration in seconds that was sent at a time.
type sample struct {
	at time.Time
	v  float64
}

// window returns what is in our window at a time, sorted: what the connector sent on in
// the sub-window that the time is in and the ten before.
func window(all []sample, at time.Time) []float64 {
	oldest := at.Truncate(sub).Add(-10 * sub)
	last := at.Truncate(flush)
	var in []float64
	for _, s := range all {
		sent := s.at.Truncate(flush)
		if sent.Before(s.at) {
			sent = sent.Add(flush)
		}
		if !sent.Before(oldest) && !sent.After(last) {
			in = append(in, s.v)
		}
	}
	slices.Sort(in)
	return in
}

// exact returns the value at position ⌈q × n⌉ of sorted data.
func exact(sorted []float64, q float64) float64 {
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}

// row is the largest relative error of each contestant by quantile.
type row struct {
	name              string
	ours, peers, list told
	bound             told // the largest that we claim
}

// off keeps the larger of an error and that of an estimate.
func (t told) off(q, estimate, truth float64) {
	e := math.Abs(estimate - truth)
	if truth != 0 {
		e /= math.Abs(truth)
	}
	t[q] = max(t[q], e)
}

// measure sends eight minutes of a distribution through the pipelines.
func measure(t *testing.T, d distribution) row {
	t.Helper()
	r := row{d.name, told{}, told{}, told{}, told{}}
	synctest.Test(t, func(t *testing.T) {
		mine, theirs := ours(t), peers(t)
		list := new(lastThousand)
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(1500 * time.Millisecond)))
		sent := drive(t, d, list, mine, theirs)
		for _, e := range mine.estimates(t) {
			if e.at.Sub(sent[0].at) < warm {
				continue
			}
			data := window(sent, e.at)
			for _, q := range quantiles {
				truth := exact(data, q)
				require.Contains(t, e.values, q)
				r.ours.off(q, e.values[q], truth)
				r.bound.off(q, truth+e.bound[q], truth)
				assert.LessOrEqual(t, math.Abs(e.values[q]-truth), e.bound[q]+1e-12*truth, "the bound of %v at %v", q, e.at)
			}
		}
		data := window(sent, sent[len(sent)-1].at)
		for q, v := range theirs.extracted() {
			r.peers.off(q, v, exact(data, q))
		}
		for q, v := range list.quantiles() {
			r.list.off(q, v, exact(data, q))
		}
		mine.stop()
		theirs.stop()
	})
	return r
}

// drive sends samples to everyone, at half seconds.
func drive(t *testing.T, d distribution, list *lastThousand, into ...*pipeline) (sent []sample) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(len(d.name))))
	for range int((warm + looked) / time.Second) {
		durations := make([]time.Duration, perSecond)
		for i := range durations {
			durations[i] = max(d.draw(random), 0)
			v := float64(durations[i]) / 1e9
			list.add(v)
			sent = append(sent, sample{time.Now(), v})
		}
		for _, p := range into {
			require.NoError(t, p.traces.ConsumeTraces(t.Context(), runs(durations, uint64(len(sent)))))
		}
		time.Sleep(time.Second)
	}
	synctest.Wait()
	return sent
}
