package workflow

import (
	"context"
	"sync/atomic"

	"go.opentelemetry.io/otel/trace"
)

// sequential is the branch of a frame whose steps follow one another.
const sequential = -1

// frame is the place of a context in its run: below which step, and how many
// steps were started there. It is a context itself, which saves the allocation
// of a value context for every step.
//
//	run ─ frame ""                    steps started here: validate 0, gather 1
//	        └ frame "gather"
//	            └ frame "" branch 2   steps started here: index 2
//	                └ frame "policy"  path: gather/policy
type frame struct {
	context.Context

	run     *run
	parent  *frame
	span    trace.Span // of the step itself; nil when it has none
	name    string
	trail   string // path, where there is a span to say it
	settled string // the outcome that the step decided on, if any
	life    *watch // nil when nothing is logged
	shot    *shot  // on the tape; nil without one
	branch  int
	at      int                                // position among the steps of the same parent
	attempt int                                // 1-based; 0 unless the frame is an attempt
	source  bool                               // whether the step's error comes from no step below it
	agent   bool                               // whether the step is an agent
	dark    bool                               // whether it is known that no span below is to be made
	forward *atomic.Pointer[trace.SpanContext] // set by the step below it, if that can be undone
	next    atomic.Int64
}

type frameKey struct{}

// Value returns the frame itself for frameKey and asks the wrapped context otherwise.
func (f *frame) Value(key any) any {
	if _, ok := key.(frameKey); ok {
		return f
	}
	return f.Context.Value(key)
}

func frameOf(ctx context.Context) *frame {
	if f, ok := ctx.(*frame); ok { // as it mostly is
		return f
	}
	f, _ := ctx.Value(frameKey{}).(*frame)
	return f
}

// index hands out the position of the next step below f.
func (f *frame) index() int {
	if f.forward != nil {
		return f.parent.index()
	}
	if f.branch != sequential {
		return f.branch
	}
	return int(f.next.Add(1)) - 1
}

// path joins the names down to f. It is built on demand: only spans, which keep it
// for those below, and errors need it.
func (f *frame) path() string {
	switch {
	case f.trail != "":
		return f.trail
	case f.parent == nil:
		return f.name
	}
	return join(f.parent.path(), f.name)
}

// join puts a name below a path; either may be empty.
func join(above, name string) string {
	if above == "" || name == "" {
		return above + name
	}
	return above + "/" + name
}

// step returns the name of the innermost step around f, "" outside of any.
func (f *frame) step() string {
	for ; f != nil; f = f.parent {
		if f.name != "" {
			return f.name
		}
	}
	return ""
}

// tries returns the number of the innermost attempt around f, 0 outside of any.
func (f *frame) tries() int {
	for ; f != nil; f = f.parent {
		if f.attempt > 0 {
			return f.attempt
		}
	}
	return 0
}

// withBranch makes steps below ctx count as branch i of a parallel step.
func withBranch(ctx context.Context, i int) context.Context {
	f := frameOf(ctx)
	if f == nil {
		return ctx
	}
	return &frame{Context: ctx, run: f.run, parent: f, branch: i}
}
