package otelsetup

import (
	"slices"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// queue is spans in the order in which they came. Those that have left keep their
// place until they are as many as those that wait: then what waits moves up, so that
// each span moves once at most, however many there are.
//
//	pop 2    . . c d e      head 2, 3 wait
//	pop 1    . . . d e      head 3, 2 wait: d e move up
//	         d e            head 0
//
// The zero value is empty. It is not safe for concurrent use.
type queue struct {
	spans []sdktrace.ReadOnlySpan
	head  int // of those that have left
}

func (q *queue) len() int { return len(q.spans) - q.head }

func (q *queue) push(span sdktrace.ReadOnlySpan) { q.spans = append(q.spans, span) }

// pop appends the n that have waited longest to dst, all if they are fewer.
func (q *queue) pop(dst []sdktrace.ReadOnlySpan, n int) []sdktrace.ReadOnlySpan {
	leaving := q.spans[q.head:][:min(n, q.len())]
	dst = append(dst, leaving...)
	clear(leaving) // nobody is to hold on to them
	if q.head += len(leaving); q.head >= q.len() {
		q.spans = slices.Delete(q.spans, 0, q.head)
		q.head = 0
	}
	return dst
}
