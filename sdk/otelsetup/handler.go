package otelsetup

import (
	"log/slog"
	"sync"
	"time"
)

const (
	// quietFor is how long a message is not repeated.
	quietFor = time.Minute
	// maxMessages bounds the messages of one such time: texts with numbers in
	// them would otherwise be as many as there are errors.
	maxMessages = 16
)

// handler logs the errors of the telemetry without flooding: a message is
// logged once a minute, and the first of the next minute says how many were not.
//
//	error     a a a b a a ........ a
//	logged    a     b              a suppressed=4
//	          |------- 1 min -------|
//
// It is safe for concurrent use.
type handler struct {
	log *slog.Logger

	mu         sync.Mutex
	since      time.Time
	seen       map[string]bool
	suppressed int
}

func newHandler(log *slog.Logger) *handler { return &handler{log: log} }

// Handle implements the error handler of the OpenTelemetry API.
func (h *handler) Handle(err error) {
	if err == nil {
		return
	}
	suppressed, logged := h.admit(err.Error(), time.Now())
	switch {
	case !logged:
	case suppressed > 0:
		h.log.Warn("telemetry failed", "error", err, "suppressed", suppressed)
	default:
		h.log.Warn("telemetry failed", "error", err)
	}
}

// admit reports whether to log a message, and how many were suppressed before it.
func (h *handler) admit(message string, now time.Time) (suppressed int, logged bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Sub(h.since) >= quietFor {
		suppressed = h.suppressed
		h.since, h.suppressed, h.seen = now, 0, make(map[string]bool)
	}
	if h.seen[message] || len(h.seen) == maxMessages {
		h.suppressed++
		return 0, false
	}
	h.seen[message] = true
	return suppressed, true
}
