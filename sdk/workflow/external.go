package workflow

import "context"

type externalKey struct{}

// External marks a step that reaches out of the program, as one that charges a
// card. [OnlyExternal] answers these steps, and what is external without saying
// so: the calls made with LLM, Embed, LLMStream and Tool, Cache, Memory and
// compensations. Other than that the step stays as it is.
func External[I, O any](step Step[I, O]) Step[I, O] {
	return external[I, O]{step}
}

type external[I, O any] struct{ Step[I, O] }

// Run marks the place, if anybody will look: the step that starts right below.
func (e external[I, O]) Run(ctx context.Context, in I) (O, error) {
	if f := frameOf(ctx); f != nil && f.run.tape != nil {
		ctx = context.WithValue(ctx, externalKey{}, f)
	}
	return e.Step.Run(ctx, in)
}

// external reports whether the step that ctx is in right below f was marked.
func (f *frame) external(ctx context.Context) bool {
	marked, _ := ctx.Value(externalKey{}).(*frame)
	for f != marked && f.forward != nil { // no place of its own
		f = f.parent
	}
	return marked == f
}
