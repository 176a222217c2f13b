package main

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// labels of a series. A label without a value is no label.
type labels map[string]string

// books are what every counter must be, by metric and series: one addition for
// each thing that happened. They are safe for concurrent use.
type books struct {
	mu      sync.Mutex
	entries map[string]*series
}

// series is one counter.
type series struct {
	Metric string `json:"metric"`
	Labels labels `json:"labels"`
	Value  int    `json:"value"`
}

func newBooks() *books { return &books{entries: make(map[string]*series)} }

// add adds to the series with all these labels.
func (b *books) add(metric string, value int, parts ...labels) {
	all := make(labels)
	for _, part := range parts {
		maps.Copy(all, part)
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	words := []string{metric}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		words = append(words, name, all[name])
	}
	key := strings.Join(words, "\x00")
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.entries[key] == nil {
		b.entries[key] = &series{Metric: metric, Labels: all}
	}
	b.entries[key].Value += value
}

// all returns the series, sorted.
func (b *books) all() []series {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]series, 0, len(b.entries))
	for _, key := range slices.SortedFunc(maps.Keys(b.entries), strings.Compare) {
		list = append(list, *b.entries[key])
	}
	return list
}

// write writes the series as JSON.
func (b *books) write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	return encoder.Encode(b.all())
}
