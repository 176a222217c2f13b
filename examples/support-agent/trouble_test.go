package main

import (
	"io"
	"math"
	"testing"
	"time"
)

// A time is a range of tickets, its end not among them.
func TestTroubleMeets(t *testing.T) {
	for _, tc := range []struct {
		rate         float64
		after, lasts time.Duration
		first, end   int
	}{
		{2, time.Minute, 90 * time.Second, 120, 300},
		{2, 0, time.Second, 0, 2},
		{0.3, 10 * time.Second, 10 * time.Second, 3, 6},
		{3, 500 * time.Millisecond, 500 * time.Millisecond, 2, 3},
		{20, time.Minute, 0, 1200, math.MaxInt},
	} {
		got := newTrouble(kindErrors, tc.rate, tc.after, tc.lasts)
		if got.first != tc.first || got.end != tc.end {
			t.Errorf("%v/s after %v for %v: tickets %d to %d, want %d to %d", tc.rate, tc.after, tc.lasts, got.first, got.end, tc.first, tc.end)
		}
		for n, want := range map[int]bool{tc.first - 1: false, tc.first: true, tc.end - 1: true, tc.end: false} {
			if got.meets(kindErrors, n) != want {
				t.Errorf("%+v meets %d: want %v", got, n, want)
			}
			if got.meets(kindCost, n) {
				t.Errorf("%+v is of another kind", got)
			}
		}
	}
	if (trouble{}).meets(kindErrors, 0) {
		t.Error("the zero value is no trouble")
	}
}

// 10 runs a second for 30 s, of which the 10 in the middle are troubled: each kind
// changes its own figures and no others.
func TestTroubleInTheReport(t *testing.T) {
	troubled := func(k kind) report {
		return runFor(t, 0, "-rate", "10", "-duration", "30s", "-fault-rate", "0",
			"-fault", string(k), "-fault-after", "10s", "-fault-for", "10")
	}
	tokens := func(r report) (n int64) {
		for _, count := range r.Tokens {
			if count.Type != "cache_read" {
				n += count.Count
			}
		}
		return n
	}
	plain := troubled(kindNone)
	if plain.Runs["success"] != 300 || plain.RunSeconds.Max > 5 {
		t.Fatalf("without trouble: %+v", plain)
	}

	if r := troubled(kindErrors); r.Runs["success"] != 200 || r.Runs["error"]+r.Runs["timeout"] != 100 || r.Runs["timeout"] == 0 {
		t.Errorf("errors: runs ended as %v", r.Runs)
	}
	if r := troubled(kindStop); r.total() != 200 || r.Runs["success"] != 200 || r.ElapsedSeconds < 20 {
		t.Errorf("stop: %v runs in %v s", r.Runs, r.ElapsedSeconds)
	}
	if r := troubled(kindCost); r.Runs["success"] != 300 || r.RunSeconds != plain.RunSeconds {
		t.Errorf("cost: %+v", r)
	} else if factor := float64(tokens(r)) / float64(tokens(plain)); math.Abs(factor-(dearer+2.0)/3) > dearer/20.0 {
		t.Errorf("cost: %v times the tokens, want a third of them to be %d times as many", factor, dearer)
	}
	if r := troubled(kindLatency); r.Runs["success"] != 300 || tokens(r) != tokens(plain) {
		t.Errorf("latency: %+v", r)
	} else if r.RunSeconds.P50 > 1 || r.RunSeconds.P90 < 8 {
		t.Errorf("latency: %+v, want a third of the runs to be slow", r.RunSeconds)
	}
}

func TestBadTroubleIsNamed(t *testing.T) {
	for _, tc := range []struct{ flag, value, want string }{
		{"-fault", "error", "-fault error: use none, errors, latency, cost, stop"},
		{"-fault-after", "-1s", "-fault-after -1s: use 0 or more, such as 30s or 30"},
		{"-fault-for", "soon", "-fault-for soon: use 0 or more, such as 30s or 30"},
	} {
		if _, err := parse([]string{tc.flag, tc.value}, io.Discard); err == nil || err.Error() != tc.want {
			t.Errorf("%s %s: %v, want %s", tc.flag, tc.value, err, tc.want)
		}
	}
}
