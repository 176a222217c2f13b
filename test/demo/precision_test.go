package main

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// precise is what is scraped after runs of 0.01 s to 1 s, and the report of them.
func precise(t *testing.T) (metrics, *report) {
	t.Helper()
	h := exphist.New(exphist.DefaultMaxSize)
	for i := range 100 {
		h.Add(float64(i+1) / 100)
	}
	m := scraped(t, "workflow_run_duration_seconds", map[string]*exphist.Histogram{"success": h})
	lines := []string{"# TYPE workflow_run_duration_quantile_seconds gauge"}
	for _, q := range quantiles {
		lines = append(lines, fmt.Sprintf(`workflow_run_duration_quantile_seconds{workflow_name="a",quantile="%v"} %v`, q, q*1.002))
	}
	maps.Copy(m, given(t, lines...))
	r := &report{Workflow: "a"}
	r.RunSeconds.P50, r.RunSeconds.P90, r.RunSeconds.P95, r.RunSeconds.P99 = 0.5, 0.9, 0.95, 0.99
	return m, r
}

func TestPrecision(t *testing.T) {
	m, r := precise(t)
	text, err := r.precision(m)
	require.NoError(t, err)
	assert.Regexp(t, `^p50 to p99 of the runs are off by at most 0\.2 %; from the histogram, whose buckets are 4\.4 % wide, by at most [0-4]\.\d %$`, text)

	// Each quantile for itself: two buckets off are too far.
	for i, q := range []*float64{&r.RunSeconds.P50, &r.RunSeconds.P90, &r.RunSeconds.P95, &r.RunSeconds.P99} {
		exact := *q
		*q = exact * 1.1
		_, err = r.precision(m)
		require.ErrorContains(t, err, "the metrics are not what was sent: p", i)
		assert.Regexp(t, `: p(50|90|95|99) of the runs is \d+ ms, exactly \S+ m?s$`, err.Error())
		*q = exact
	}
}

// What the gauges say counts too.
func TestPrecisionOfGauges(t *testing.T) {
	m, r := precise(t)
	*m["workflow_run_duration_quantile_seconds"].Metric[3].Gauge.Value = 1.2
	_, err := r.precision(m)
	require.EqualError(t, err, "the metrics are not what was sent: p99 of the runs is 1.20 s, exactly 990 ms")
	delete(m, "workflow_run_duration_quantile_seconds")
	_, err = r.precision(m)
	require.EqualError(t, err, "the metrics are not what was sent: p50 of the runs is -, exactly 500 ms")
}

// Of a demo that is longer than the window the gauges tell the end only.
func TestPrecisionOfALongDemo(t *testing.T) {
	m, r := precise(t)
	delete(m, "workflow_run_duration_quantile_seconds")
	r.ElapsedSeconds = 301
	text, err := r.precision(m)
	require.NoError(t, err)
	assert.Contains(t, text, "those of the last 5 minutes")
}

func TestPrecisionOfNothing(t *testing.T) {
	_, err := (&report{Workflow: "a"}).precision(metrics{})
	require.ErrorContains(t, err, "no histogram of the runs of a")
}

// Quantiles of two series are none of both.
func TestQuantilesDoNotAddUp(t *testing.T) {
	var l line
	l.tell("0.5", 1)
	assert.InDelta(t, 1, l.quantile(0.5), 0)
	l.tell("0.5", 3)
	assert.Equal(t, "-", l.latencies()[0])
}
