package tally

import (
	"iter"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Temporality says what a point tells.
type Temporality uint8

// The temporalities.
const (
	// Cumulative points tell the total since the series began. A new series first
	// tells 0, so that a rate over the first two points misses nothing.
	Cumulative Temporality = iota
	// Delta points tell what came since the last point.
	Delta
)

// Point is the state of one series as it is handed out. It is borrowed: good until
// the function it is given to returns.
type Point struct {
	Labels  iter.Seq2[string, string] // without those that are empty
	Started int64                     // unix nanoseconds at which the series began
	Count   uint64
	Amount  float64
	// Hist and Bins are the same distribution in exponential and in explicit buckets; nil
	// where the metric is none or the user wants no such buckets.
	Hist      *exphist.Histogram
	Bins      *Bins
	Exemplars []Exemplar // of a distribution, since the last point
}

// WorkflowAttribute and ServiceAttribute say whose a series is.
const (
	WorkflowAttribute = "workflow.name"
	ServiceAttribute  = "service.name"
)

// OverflowAttribute is the boolean attribute that marks a series which others were
// folded into, as in the OpenTelemetry metrics SDK specification.
const OverflowAttribute = "otel.metric.overflow"

// Collect hands out a point of every series of the metric that has news, and for
// cumulative ones of every series. yield is called under a lock and must not call
// the ledger.
func (l *Ledger) Collect(m ID, t Temporality, yield func(*Point)) {
	zero := l.spread(m)
	names := l.names(m)
	l.books[m].Range(func(e *series.Entry[*cell]) {
		e.Value.collect(t, zero, e.Created, labels(names, e.Key(), false), yield)
	})
	l.folded[m].Range(func(e *series.Entry[*cell]) {
		if e.Value.touched() {
			e.Value.collect(t, zero, e.Created, labels(names[:1], e.Key(), true), yield)
		}
	})
}

// names returns the label names of the metric in the order of its keys.
func (l *Ledger) names(m ID) []string {
	names := append([]string{WorkflowAttribute, ServiceAttribute}, l.opts.Dimensions...)
	return append(names, Metrics[m].Attributes...)
}

// touched tells an overflow series that something was folded into from the one
// that is only held in reserve.
func (c *cell) touched() bool { return c.shown || c.used() }

func (c *cell) used() bool { return c.count > 0 || c.amount != 0 }

func (c *cell) collect(t Temporality, zero *spread, started int64, ls iter.Seq2[string, string], yield func(*Point)) {
	p := Point{Labels: ls, Started: started}
	switch {
	case t == Delta:
		if !c.used() {
			return
		}
		c.fill(&p)
		yield(&p)
		c.reset()
		return
	case c.shown:
		c.fill(&p)
	case c.spread != nil:
		p.Hist, p.Bins = zero.hist, zero.bins
	}
	yield(&p)
	if c.shown && c.spread != nil {
		c.exemplars.empty()
	}
	c.shown = true
}

func (c *cell) fill(p *Point) {
	p.Count, p.Amount = c.count, c.amount
	if c.spread != nil {
		p.Hist, p.Bins, p.Exemplars = c.hist, c.bins, c.exemplars.kept
	}
}

func (c *cell) reset() {
	c.count, c.amount = 0, 0
	if c.spread == nil {
		return
	}
	c.exemplars.empty()
	if c.hist != nil {
		c.hist.Reset()
	}
	if c.bins != nil {
		c.bins.reset()
	}
}

// labels pairs names with the values of a key and leaves out the empty ones.
func labels(names []string, key []byte, overflow bool) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		i := 0
		for value := range series.Strings(key) {
			if value != "" && !yield(names[i], value) {
				return
			}
			i++
		}
		if overflow {
			yield(OverflowAttribute, "true")
		}
	}
}
