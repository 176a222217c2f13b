package workflow

import (
	"context"
	"log/slog"
	"slices"

	"go.opentelemetry.io/otel/trace"
)

// Keys of the attributes that LogHandler adds.
const (
	logTraceID       = "trace_id"
	logSpanID        = "span_id"
	logWorkflow      = "workflow"
	logRunID         = "run_id"
	logStep          = "step"
	logAttempt       = "attempt"
	logCorrelationID = "correlation_id"
	logTenant        = "tenant"
	logReplay        = "replay"
)

// LogHandler returns a handler that says of every record where it was made, and
// gives it to next. What the context of the record does not know is left out:
//
//	trace_id span_id              of the span, sampled or not
//	workflow run_id               of the innermost run
//	step                          path of the innermost step, as in gather/search
//	attempt                       of the innermost step that is retried
//	correlation_id tenant replay  of the run
//
// Groups opened by WithGroup take the attributes of the record, not these. A
// handler that was made by LogHandler is returned as it is.
func LogHandler(next slog.Handler) slog.Handler {
	if h, ok := next.(*logHandler); ok {
		return h
	}
	return &logHandler{next: next, root: next}
}

// logHandler keeps, once a group was opened, how next was made of root, to put
// the identity in front of all groups. It is immutable.
type logHandler struct {
	next, root slog.Handler
	made       []func(slog.Handler) slog.Handler
	grouped    bool
}

// Enabled asks the next handler.
func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle adds the identity and gives the record on.
func (h *logHandler) Handle(ctx context.Context, record slog.Record) error {
	attrs := identity(ctx)
	if len(attrs) == 0 {
		return h.next.Handle(ctx, record)
	}
	if !h.grouped {
		record = record.Clone()
		record.AddAttrs(attrs...)
		return h.next.Handle(ctx, record)
	}
	next := h.root.WithAttrs(attrs)
	for _, step := range h.made {
		next = step(next)
	}
	return next.Handle(ctx, record)
}

// WithAttrs returns a handler with these attributes.
func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.with(h.grouped, func(next slog.Handler) slog.Handler { return next.WithAttrs(attrs) })
}

// WithGroup returns a handler whose further attributes lie in a group.
func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(true, func(next slog.Handler) slog.Handler { return next.WithGroup(name) })
}

func (h *logHandler) with(grouped bool, step func(slog.Handler) slog.Handler) slog.Handler {
	made := append(slices.Clone(h.made), step)
	return &logHandler{next: step(h.next), root: h.root, made: made, grouped: grouped}
}

// identity says where ctx is.
func identity(ctx context.Context) []slog.Attr {
	if ctx == nil {
		return nil
	}
	var attrs []slog.Attr
	if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
		attrs = append(attrs, slog.String(logTraceID, sc.TraceID().String()), slog.String(logSpanID, sc.SpanID().String()))
	}
	info, ok := FromContext(ctx)
	if !ok {
		return attrs
	}
	for _, kv := range [][2]string{
		{logWorkflow, info.Workflow},
		{logRunID, info.RunID},
		{logStep, info.StepPath},
		{logCorrelationID, info.CorrelationID},
		{logTenant, info.Tenant},
	} {
		if kv[1] != "" {
			attrs = append(attrs, slog.String(kv[0], kv[1]))
		}
	}
	if info.Attempt > 0 {
		attrs = append(attrs, slog.Int(logAttempt, info.Attempt))
	}
	if info.Replay {
		attrs = append(attrs, slog.Bool(logReplay, true))
	}
	return attrs
}
