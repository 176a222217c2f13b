package e2e_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// labels of a series. A label without a value is no label.
type labels map[string]string

// String returns the labels in one form, so that equal ones are equal strings.
func (l labels) String() string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l)) {
		if l[name] != "" {
			out = append(out, fmt.Sprintf("%s=%q", name, l[name]))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

// with returns the labels and some more.
func (l labels) with(more labels) labels {
	out := maps.Clone(l)
	maps.Copy(out, more)
	return out
}

// books say what Prometheus must answer, kept in the simplest way there is: one
// addition for each thing that was sent.
type books struct {
	// numbers holds the series that each query must return, and their values.
	numbers map[string]map[string]float64
	// seconds holds every duration that was sent, by metric and series.
	seconds map[string]map[string][]float64
}

func newBooks() *books {
	return &books{numbers: map[string]map[string]float64{}, seconds: map[string]map[string][]float64{}}
}

func (b *books) add(query string, at labels, v float64) {
	if b.numbers[query] == nil {
		b.numbers[query] = map[string]float64{}
	}
	b.numbers[query][at.String()] += v
}

// sum returns what the series of a query come to.
func (b *books) sum(query string) (sum float64) {
	for _, v := range b.numbers[query] {
		sum += v
	}
	return sum
}

func (b *books) observe(metric string, at labels, v float64) {
	b.add("histogram_count("+metric+")", at, 1)
	b.add("histogram_sum("+metric+")", at, v)
	if b.seconds[metric] == nil {
		b.seconds[metric] = map[string][]float64{}
	}
	b.seconds[metric][at.String()] = append(b.seconds[metric][at.String()], v)
}

// all returns every value of the metric, sorted.
func (b *books) all(metric string) []float64 {
	var out []float64
	for _, v := range b.seconds[metric] {
		out = append(out, v...)
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}
