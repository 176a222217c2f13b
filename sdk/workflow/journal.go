package workflow

import (
	"context"
	"log/slog"
)

// Events of the log that are not the start or the end of anything.
const (
	eventCheckpoint    = "checkpoint"
	eventHandOff       = "agent_handoff"
	eventUnrecorded    = "recording_failed"
	eventBranch        = "branch_selected"
	eventRoute         = "route_selected"
	eventRouteFailed   = "route_failed"
	eventCacheHit      = "cache_hit"
	eventCacheMiss     = "cache_miss"
	eventCacheStore    = "cache_store"
	eventCacheFailed   = "cache_failed"
	eventCacheExpired  = "cache_expired"
	eventCacheEviction = "cache_eviction"
	eventCacheCleared  = "cache_cleared"
	eventFallback      = "fallback_used"
	eventUndo          = "compensation_triggered"
)

// maxLogText is the longest text of an error in a log, in bytes.
const maxLogText = 256

// Logger writes the life of every run to l: that runs, steps, attempts and calls
// start and how they end, what steps decided, checkpoints and hand-offs. Each
// event has the attributes of [LogHandler]; those of failures have the error's
// type and the first 256 bytes of its text, after [Redact]. Inputs, outputs,
// prompts and keys are never logged.
//
// A failure that nothing handles is an ERROR: of a run, of a retry, fallback or
// saga, and of a step that should undo another. One that something around may
// handle is a WARN, as is a fallback or a compensation that was needed. Calls that
// start or end well, and what a cache keeps or finds too old, are DEBUG; all else is
// INFO. By default nothing is logged.
func Logger(l *slog.Logger) Option {
	return func(c *config) { c.log = journal{slog.New(LogHandler(l.Handler()))} }
}

// journal writes events; the zero value writes nothing.
type journal struct{ *slog.Logger }

func (j journal) event(ctx context.Context, level slog.Level, name string, attrs ...slog.Attr) {
	if j.Logger != nil {
		j.LogAttrs(ctx, level, name, attrs...)
	}
}

// tell writes an event of the run of ctx, if there is one.
func tell(ctx context.Context, level slog.Level, name string, attrs ...slog.Attr) {
	if f := frameOf(ctx); f != nil {
		f.run.def.log.event(ctx, level, name, attrs...)
	}
}
