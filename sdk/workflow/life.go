package workflow

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// life is the levels at which something that starts and ends is logged. Its
// events are called after it: step_start, step_complete, step_cancelled and
// step_failed.
type life struct {
	name  string
	level slog.Level
	alarm slog.Level // of a failure
}

var (
	lifeOfRun          = life{"workflow", slog.LevelInfo, slog.LevelError}
	lifeOfStep         = life{"step", slog.LevelInfo, slog.LevelWarn}
	lifeOfRecovery     = life{"step", slog.LevelInfo, slog.LevelError}
	lifeOfCompensation = life{"compensation", slog.LevelInfo, slog.LevelError}
	lifeOfAttempt      = life{"attempt", slog.LevelInfo, slog.LevelWarn}
	lifeOfCall         = life{"call", slog.LevelDebug, slog.LevelWarn}
)

func (n *node) life() *life {
	if n.undo {
		return &lifeOfCompensation
	}
	switch n.kind {
	case semconv.StepKindRetry, semconv.StepKindFallback, semconv.StepKindSaga:
		return &lifeOfRecovery
	default:
		return &lifeOfStep
	}
}

// what is the kind of the step in the log.
func (n *node) what() string {
	if n.agent {
		return "agent"
	}
	return n.kind
}

// log returns what every line of the step n in f says.
func (n *node) log(f *frame) []slog.Attr {
	attrs := []slog.Attr{slog.String("kind", n.what()), slog.Int("index", f.at)}
	for _, fact := range n.facts {
		attrs = append(attrs, f.run.def.privacy.attr(fact))
	}
	return attrs
}

// watch is one life under way; nil watches nothing. It is not safe for concurrent
// use, nor are the decisions of a step.
type watch struct {
	*life

	def   *definition
	begin time.Time
	attrs []slog.Attr // of its end
}

// started logs a start. Without a logger it returns nil.
func (d *definition) started(ctx context.Context, l *life, attrs ...slog.Attr) *watch {
	if d.log.Logger == nil {
		return nil
	}
	d.log.event(ctx, l.level, l.name+"_start", attrs...)
	return &watch{life: l, def: d, begin: time.Now(), attrs: attrs}
}

// tried begins the life of an attempt.
func (f *frame) tried(wait time.Duration) {
	if f.run.def.log.Logger != nil {
		f.life = f.run.def.started(f, &lifeOfAttempt, slog.Float64("wait_ms", milliseconds(wait)))
	}
}

// decided logs what the step decided; its last word counts.
func (w *watch) decided(ctx context.Context, decisions []attribute.KeyValue) {
	if w == nil {
		return
	}
	told := make([]slog.Attr, len(decisions))
	for i, d := range decisions {
		told[i] = w.def.privacy.attr(d)
		w.attrs = slices.DeleteFunc(w.attrs, func(a slog.Attr) bool { return a.Key == told[i].Key })
	}
	w.attrs = append(w.attrs, told...)
	for _, d := range decisions {
		if name, level := decisionEvent(d); name != "" {
			w.def.log.event(ctx, level, name, told...)
		}
	}
}

// decisionEvent returns how a decision that is an event of its own is logged, ""
// for those that only the end of the step tells.
func decisionEvent(d attribute.KeyValue) (name string, level slog.Level) {
	switch d.Key {
	case semconv.WorkflowBranchName:
		return eventBranch, slog.LevelInfo
	case semconv.WorkflowRouterChoice:
		return eventRoute, slog.LevelInfo
	case semconv.WorkflowCacheError:
		return eventCacheFailed, slog.LevelWarn
	case semconv.WorkflowCacheHit:
		if d.Value.AsBool() {
			return eventCacheHit, slog.LevelInfo
		}
		return eventCacheMiss, slog.LevelInfo
	case semconv.WorkflowFallbackUsed:
		if d.Value.AsBool() {
			return eventFallback, slog.LevelWarn
		}
	}
	return "", 0
}

// ended logs how it ended.
func (w *watch) ended(ctx context.Context, e ending) {
	if w == nil {
		return
	}
	w.attrs = append(w.attrs,
		slog.Float64("duration_ms", milliseconds(time.Since(w.begin))),
		slog.String("outcome", e.final()))
	level, name := w.level, "_complete"
	switch e.outcome {
	case semconv.OutcomeSuccess:
	case semconv.OutcomeCancelled:
		name = "_cancelled"
	default:
		level, name = w.alarm, "_failed"
		w.attrs = append(w.attrs, e.privacy.log(e.err)...)
	}
	w.def.log.event(ctx, level, w.name+name, w.attrs...)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
