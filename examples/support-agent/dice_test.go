package main

import (
	"math"
	"testing"
	"time"
)

// 2000 draws of a fixed seed: the figures never change from run to run.
func TestLatencyIsLogNormal(t *testing.T) {
	d := dice{seed: 1}
	var seconds []float64
	for n := range 2000 {
		seconds = append(seconds, d.latency(n, placeAnswer, time.Second).Seconds())
	}
	got := summarise(seconds)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"median", got.P50, 1},
		{"p90", got.P90, math.Exp(1.2816 * 0.55)},
		{"p99", got.P99, math.Exp(2.3263 * 0.55)},
	} {
		if math.Abs(c.got/c.want-1) > 0.1 {
			t.Errorf("%s is %.2f s, want %.2f s", c.name, c.got, c.want)
		}
	}
	if got.Min <= 0 || got.Max > 20 {
		t.Errorf("from %v to %v s", got.Min, got.Max)
	}
}

func TestFateKeepsToItsRate(t *testing.T) {
	for rate, want := range map[float64]int{0: 0, 0.05: 500, 1: 10000} {
		failed := 0
		for n := range 10000 {
			if (dice{seed: 1, faultRate: rate}).fate(n) != placeNone {
				failed++
			}
		}
		if math.Abs(float64(failed-want)) > 60 {
			t.Errorf("rate %v: %d of 10000 fail", rate, failed)
		}
	}
}

func TestSummarise(t *testing.T) {
	var hundred []float64
	for v := 100.0; v > 0; v-- {
		hundred = append(hundred, v)
	}
	for _, tc := range []struct {
		name   string
		values []float64
		want   summary
	}{
		{"nothing", nil, summary{}},
		{"one", []float64{3}, summary{3, 3, 3, 3, 3, 3}},
		{"two", []float64{2, 1}, summary{1, 1, 2, 2, 2, 2}},
		{"a hundred", hundred, summary{1, 50, 90, 95, 99, 100}},
	} {
		if got := summarise(tc.values); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}
