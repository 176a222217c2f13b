package recording

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Version is the version of the form that this package reads and writes.
const Version = 1

// Line is one line of a recording: which run it is about, and one of the others.
// It is a plain value.
type Line struct {
	// ID is the id of the run.
	ID string `json:"id"`
	// Run begins a run.
	Run *Start `json:"run,omitempty"`
	// Step is a step or a call that has ended.
	Step *Step `json:"step,omitempty"`
	// End ends a run.
	End *End `json:"end,omitempty"`
}

// Start is what a run was before it began. It is a plain value.
type Start struct {
	// Version is that of the form, [Version].
	Version int `json:"v"`
	// Workflow is the name of the workflow.
	Workflow string `json:"workflow"`
	// Definition is the version of its definition, if stated.
	Definition string `json:"version,omitempty"`
	// TraceID and SpanID are those of its span in hexadecimal digits, if it had one.
	TraceID string `json:"trace_id,omitempty"`
	SpanID  string `json:"span_id,omitempty"`
	// Start is when the run started.
	Start time.Time `json:"start"`
	// In is what the run was given; absent when CutIn says why.
	In json.RawMessage `json:"in,omitempty"`
	// CutIn says why In is not there.
	CutIn string `json:"cut_in,omitempty"`
}

// Step is what one step or call did. It is a plain value.
type Step struct {
	// Seq is the position of its start among those of the run, from 0.
	Seq int `json:"seq"`
	// Path is the names down to the step, as in gather/search.
	Path string `json:"path"`
	// Lane is the positions down to the step, and the attempts, as in 1#2.0; that of
	// a call is its step's and a dot. It tells apart the steps of one path.
	Lane string `json:"lane"`
	// Nth counts the steps of the same path and lane that started before.
	Nth int `json:"nth,omitempty"`
	// Kind is the kind of the step, or the operation of the call.
	Kind string `json:"kind"`
	// External says that the step reaches out of the program.
	External bool `json:"external,omitempty"`
	// Decisions are the attributes that say what the step decided, as texts.
	Decisions map[string]string `json:"decisions,omitempty"`
	// In is what the step was given; absent when not known or CutIn says why.
	In json.RawMessage `json:"in,omitempty"`
	// CutIn says why In is not there.
	CutIn string `json:"cut_in,omitempty"`
	// Out is what it returned; absent when it failed or CutOut says why.
	Out json.RawMessage `json:"out,omitempty"`
	// CutOut says why Out is not there.
	CutOut string `json:"cut_out,omitempty"`
	// Err is how it failed; nil when it did not.
	Err *Error `json:"err,omitempty"`
	// Start is when the step started.
	Start time.Time `json:"start"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
}

// End is how a run ended. It is a plain value.
type End struct {
	// Outcome is the workflow.outcome of the run.
	Outcome string `json:"outcome"`
	// Out is what it returned; absent when it failed or CutOut says why.
	Out json.RawMessage `json:"out,omitempty"`
	// CutOut says why Out is not there.
	CutOut string `json:"cut_out,omitempty"`
	// Err is how it failed; nil when it did not.
	Err *Error `json:"err,omitempty"`
	// Dropped is how many steps are missing since the recording was full.
	Dropped int `json:"dropped,omitempty"`
}

// Error is the failure of a step as far as it was recorded. Handed out again by
// a replay it is a timeout, or a cancellation, if the failure was one. It is
// immutable.
type Error struct {
	// Text is the text of the error, as far as it may be shown.
	Text string `json:"text"`
	// Type is its low-cardinality class, as in error.type.
	Type string `json:"type,omitempty"`
	// Outcome is what the step came to by it: error, timeout or cancelled.
	Outcome string `json:"outcome"`
	// Interrupted says that the time of the step was over when it failed.
	Interrupted bool `json:"interrupted,omitempty"`
	// Permanent says that another attempt would only repeat it.
	Permanent bool `json:"permanent,omitempty"`
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// ErrorType returns the class.
func (e *Error) ErrorType() string { return e.Type }

// Timeout says whether time ran out.
func (e *Error) Timeout() bool { return e.Outcome == semconv.OutcomeTimeout }

// Is says that a timeout is context.DeadlineExceeded, and a cancellation
// context.Canceled.
func (e *Error) Is(target error) bool {
	switch e.Outcome {
	case semconv.OutcomeTimeout:
		return target == context.DeadlineExceeded
	case semconv.OutcomeCancelled:
		return target == context.Canceled
	default:
		return false
	}
}
