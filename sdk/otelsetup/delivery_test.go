package otelsetup

import (
	"context"
	"errors"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// exporter answers one batch after the other with its errors.
type exporter struct {
	sdktrace.SpanExporter
	answers []error
}

func (e *exporter) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error {
	err := e.answers[0]
	e.answers = e.answers[1:]
	return err
}

// The drawing of delivery, and what a full queue and a late refusal add to it.
func TestDeliveryCounts(t *testing.T) {
	refused, gaveUp := errors.New("refused"), errors.New("gave up")
	for _, tc := range []struct {
		name    string
		ended   int64
		batches []int
		answers []error
		lost    int64
		why     string
	}{
		{"all taken", 20, []int{12, 8}, []error{nil, nil}, 0, ""},
		{"one refused", 20, []int{12, 8}, []error{nil, refused}, 8, "refused"},
		{"the queue was full", 20, []int{12}, []error{nil}, 8, "the queue was full"},
		{"given up at shutdown", 3, []int{1, 2}, []error{refused, gaveUp}, 3, "refused"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDelivery(&exporter{answers: tc.answers}, "there")
			d.ended.Add(tc.ended)
			for i, n := range tc.batches {
				if errors.Is(tc.answers[i], gaveUp) {
					d.close()
				}
				if err := d.ExportSpans(t.Context(), make([]sdktrace.ReadOnlySpan, n)); !errors.Is(err, tc.answers[i]) {
					t.Errorf("batch %d: %v", i, err)
				}
			}
			err := d.lost()
			lost, ok := errors.AsType[*LostError](err)
			if ok != (tc.lost > 0) {
				t.Fatalf("lost: %v", err)
			}
			if ok && (lost.Lost != tc.lost || lost.Ended != tc.ended || !strings.HasSuffix(lost.Error(), "there: "+tc.why)) {
				t.Errorf("lost: %v", lost)
			}
		})
	}
}
