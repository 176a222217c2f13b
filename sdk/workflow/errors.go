package workflow

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// StepError says which step failed. The step nearest to the failure makes it;
// the steps around hand it on as it is.
type StepError struct {
	// Workflow is the name of the workflow; empty outside of a run.
	Workflow string
	// Step is the path of the step, as in gather/search.
	Step string
	// Kind is the kind of the step, as in workflow.step.kind.
	Kind string
	// Err is what the step returned.
	Err error
}

// Error names the place and then the failure.
func (e *StepError) Error() string {
	if e.Workflow == "" {
		return fmt.Sprintf("step %s: %v", e.Step, e.Err)
	}
	return fmt.Sprintf("workflow %s: step %s: %v", e.Workflow, e.Step, e.Err)
}

// Unwrap returns the failure without the place.
func (e *StepError) Unwrap() error { return e.Err }

// ErrorType returns the low-cardinality class of the failure, as in error.type.
func (e *StepError) ErrorType() string { return errorType(e.Err) }

const panicPrefix = "panic: "

// PanicError is a panic that was turned into the error of its step.
type PanicError struct {
	// Value is what was given to panic, or a text when the goroutine was
	// exited instead.
	Value any
	// Stack is the stack of the goroutine at the time; empty when it exited.
	Stack []byte
}

// Error shows the value; the stack is left to those who ask for it.
func (e *PanicError) Error() string { return panicPrefix + fmt.Sprint(e.Value) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// ErrorType returns "panic".
func (e *PanicError) ErrorType() string { return semconv.ErrorTypePanic }

// Outcome returns the workflow.outcome of an operation that ran under ctx and
// returned err: success, error, timeout or cancelled. A cancellation that ctx
// knows nothing of is an error.
func Outcome(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return semconv.OutcomeSuccess
	case ask(isCanceled, err) && ctx.Err() != nil:
		return semconv.OutcomeCancelled
	case ask(isTimeout, err):
		return semconv.OutcomeTimeout
	default:
		return semconv.OutcomeError
	}
}

// errorType classifies err: by its own word, as a timeout, else by the type of
// the error at the end of its chain when that type says more than "an error".
func errorType(err error) string {
	if t := ask(ownWord, err); t != "" {
		return brief(t)
	}
	if ask(isTimeout, err) {
		return semconv.ErrorTypeTimeout
	}
	return typeName(err)
}

// ask puts a question to an error that someone else made. A nil pointer in an
// error is not nil, and its methods mostly panic; the answer is then the zero
// value, as an error must end its span whatever it is.
func ask[A any](question func(error) A, err error) (answer A) {
	defer func() { _ = recover() }()
	return question(err)
}

func isCanceled(err error) bool { return errors.Is(err, context.Canceled) }

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

func isPlaced(err error) bool {
	_, ok := errors.AsType[*StepError](err)
	return ok
}

// cause returns the failure without the place.
func cause(err error) error {
	if placed, ok := errors.AsType[*StepError](err); ok {
		return placed.Err
	}
	return err
}

func ownWord(err error) string {
	typed, ok := errors.AsType[interface {
		error
		ErrorType() string
	}](err)
	if !ok {
		return ""
	}
	return typed.ErrorType()
}

func typeName(err error) string {
	for next := ask(errors.Unwrap, err); next != nil; next = ask(errors.Unwrap, err) {
		err = next
	}
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.PkgPath() {
	case "", "errors", "fmt":
		return semconv.ErrorTypeOther
	}
	return t.PkgPath() + "." + t.Name()
}

// stepError names the place of err, unless a step below already did. f is nil
// outside of a run.
func stepError(err error, n *node, f *frame) error {
	if err == nil {
		return nil
	}
	if ask(isPlaced, err) {
		return err
	}
	if f == nil {
		return &StepError{Step: n.name, Kind: n.kind, Err: err}
	}
	return &StepError{Workflow: f.run.info.Workflow, Step: f.path(), Kind: n.kind, Err: err}
}

// errExited is the error of a body whose goroutine ended by runtime.Goexit: it
// returns nothing, so whoever waits for it must assume this beforehand.
var errExited error = &PanicError{Value: "goroutine exited"}

// guard calls body and turns a panic into an error.
func guard[O any](ctx context.Context, body func(context.Context) (O, error)) (out O, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return body(ctx)
}
