package workflow

import (
	"context"
	"iter"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// errLeft is the error of a stream that was left by a panic or by
// runtime.Goexit: its loop ends with neither an error nor a last element.
var errLeft error = &PanicError{Value: "stream left"}

// LLMStream is LLM for an answer that comes in pieces. The call starts when the
// loop over it does, has its time to the first token with the first piece, and
// ends when the loop ends, whether or not the answer was heard to its end. The
// first error of the stream is that of the call. Each loop is a call of its own.
//
//	for piece, err := range workflow.LLMStream(ctx, "openai", "gpt-4o", ask) {
func LLMStream[T any](ctx context.Context, provider, model string,
	open func(context.Context, *Call) iter.Seq2[T, error],
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		to := modelCall(semconv.OperationChat, provider, model)
		ctx, c := startCall(ctx, to)
		err := errLeft
		defer func() { c.end(ctx, err) }()
		err = pass(tapedStream(ctx, to, func(ctx context.Context) iter.Seq2[T, error] { return open(ctx, c) }), c, yield)
	}
}

// pass gives the pieces on and returns the first error among them.
func pass[T any](pieces iter.Seq2[T, error], c *Call, yield func(T, error) bool) (first error) {
	for piece, err := range pieces {
		if err == nil {
			c.Chunk()
		} else if first == nil {
			first = err
		}
		if !yield(piece, err) {
			break
		}
	}
	return first
}
