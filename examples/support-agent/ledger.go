package main

import (
	"cmp"
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// ledger is a span processor that counts what is sent, to compare with what
// the collector makes of it. It is safe for concurrent use.
type ledger struct {
	mu          sync.Mutex
	first, last time.Time // of the runs
	seconds     []float64 // of each run
	runs        map[string]int64
	steps       map[stepKey]int64
	calls       map[callKey]int64
	tokens      map[tokenKey]int64
}

type (
	stepKey  struct{ name, kind, outcome string }
	callKey  struct{ operation, provider, model, tool, outcome string }
	tokenKey struct{ provider, model, kind string }
)

func newLedger() *ledger {
	return &ledger{
		runs:   make(map[string]int64),
		steps:  make(map[stepKey]int64),
		calls:  make(map[callKey]int64),
		tokens: make(map[tokenKey]int64),
	}
}

// OnStart does nothing.
func (*ledger) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// Shutdown does nothing.
func (*ledger) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing.
func (*ledger) ForceFlush(context.Context) error { return nil }

// OnEnd counts the span, unless it is of a replay.
func (l *ledger) OnEnd(span sdktrace.ReadOnlySpan) {
	attrs := attribute.NewSet(span.Attributes()...)
	text := func(key attribute.Key) string {
		v, _ := attrs.Value(key)
		return v.AsString()
	}
	if attrs.HasValue(semconv.WorkflowReplay) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch text(semconv.GenAIOperationName) {
	case "": // a running marker
	case semconv.OperationInvokeWorkflow:
		l.run(span, text(semconv.WorkflowOutcome))
	case semconv.OperationRunStep:
		l.steps[stepKey{text(semconv.WorkflowStepName), text(semconv.WorkflowStepKind), text(semconv.WorkflowOutcome)}]++
	default:
		l.call(attrs, text)
	}
}

func (l *ledger) run(span sdktrace.ReadOnlySpan, outcome string) {
	if l.first.IsZero() || span.StartTime().Before(l.first) {
		l.first = span.StartTime()
	}
	if span.EndTime().After(l.last) {
		l.last = span.EndTime()
	}
	l.seconds = append(l.seconds, span.EndTime().Sub(span.StartTime()).Seconds())
	l.runs[outcome]++
}

func (l *ledger) call(attrs attribute.Set, text func(attribute.Key) string) {
	provider := text(semconv.GenAIProviderName)
	model := cmp.Or(text(semconv.GenAIResponseModel), text(semconv.GenAIRequestModel))
	l.calls[callKey{
		text(semconv.GenAIOperationName), provider, model, text(semconv.GenAIToolName),
		text(semconv.WorkflowOutcome),
	}]++
	for _, kind := range []struct{ name, key string }{
		{"input", semconv.GenAIUsageInputTokens},
		{"output", semconv.GenAIUsageOutputTokens},
		{"cache_read", semconv.GenAIUsageCacheReadInputTokens},
	} {
		if n, found := attrs.Value(attribute.Key(kind.key)); found {
			l.tokens[tokenKey{provider, model, kind.name}] += n.AsInt64()
		}
	}
}
