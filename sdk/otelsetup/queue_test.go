package otelsetup

import (
	"slices"
	"strconv"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"pgregory.net/rapid"
)

// Whatever is pushed and popped, the queue does what a slice would, holds on to no
// span that has left, and has no more than twice the places that are needed.
func TestQueueAgainstSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var (
			q     queue
			model []string
			came  int
		)
		for range rapid.IntRange(1, 50).Draw(t, "rounds") {
			for range rapid.IntRange(0, 20).Draw(t, "pushed") {
				name := strconv.Itoa(came)
				came++
				q.push(ended(name, 0))
				model = append(model, name)
			}
			n := rapid.IntRange(0, 30).Draw(t, "popped")
			var got []string
			for _, span := range q.pop(nil, n) {
				got = append(got, span.Name())
			}
			want := model[:min(n, len(model))]
			model = model[len(want):]
			if !slices.Equal(got, want) || q.len() != len(model) {
				t.Fatalf("popped %d of %d, %d are left, want %d", len(got), len(want), q.len(), len(model))
			}
			if slices.ContainsFunc(q.spans[:q.head], func(s sdktrace.ReadOnlySpan) bool { return s != nil }) {
				t.Fatal("a span that has left is still held")
			}
			if q.head > len(model) {
				t.Fatalf("%d empty places for %d spans", q.head, len(model))
			}
		}
	})
}
