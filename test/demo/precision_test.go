package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

func TestPrecision(t *testing.T) {
	h := exphist.New(exphist.DefaultMaxSize)
	for i := range 100 {
		h.Add(float64(i+1) / 100)
	}
	m := scraped(t, "workflow_run_duration_seconds", map[string]*exphist.Histogram{"success": h})
	r := &report{Workflow: "a"}
	r.RunSeconds.P50, r.RunSeconds.P90, r.RunSeconds.P95, r.RunSeconds.P99 = 0.5, 0.9, 0.95, 0.99
	text, err := r.precision(m)
	require.NoError(t, err)
	assert.Regexp(t, `^p50 to p99 of the runs are off by at most [0-4]\.\d %; the buckets of their histogram are 4\.4 % wide$`, text)

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

func TestPrecisionOfNothing(t *testing.T) {
	_, err := (&report{Workflow: "a"}).precision(metrics{})
	require.ErrorContains(t, err, "no histogram of the runs of a")
}
