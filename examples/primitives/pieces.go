package main

import (
	"context"
	"strconv"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

func cacheKey(in int) string { return strconv.Itoa(in) }

// always has panics retried too: of two branches that fail at once, either error
// may be the one that a retry sees.
func always(error) bool { return true }

// elements is how many numbers a map gets: 0 to 4.
func elements(in int) int { return in % 5 }

// spread makes a number many.
func (b builder) spread(of string) workflow.Step[int, []int] {
	return task(b, "spread of "+of, func(in int) []int {
		list := make([]int, elements(in))
		for i := range list {
			list[i] = in + i
		}
		return list
	})
}

// sum makes many numbers one.
func (b builder) sum(of string) workflow.Step[[]int, int] {
	return task(b, "sum of "+of, func(in []int) int {
		total := 0
		for _, v := range in {
			total += v
		}
		return total
	})
}

func (b builder) addUp(of string) workflow.Step[workflow.Pair[int, int], int] {
	return task(b, "sum of "+of, func(in workflow.Pair[int, int]) int { return in.First + in.Second })
}

// task is a metered step that cannot fail.
func task[I, O any](b builder, name string, fn func(I) O) workflow.Step[I, O] {
	return metered(b, plan{kind: semconv.StepKindTask}, workflow.Func(name, surely(fn)))
}

// surely makes a function of the kind that steps want of one that cannot fail.
func surely[I, O any](fn func(I) O) func(context.Context, I) (O, error) {
	return func(_ context.Context, in I) (O, error) { return fn(in), nil }
}

// stuck says whether what a step did cannot be undone.
func stuck(name string, in int) bool { return draw(name+"'s undo", in)%10 == 0 }

// undoable is a step with a compensation, which fails now and then.
func (b builder) undoable(s step) step {
	return workflow.Compensate(s, func(ctx context.Context, in, _ int) error {
		var err error
		if stuck(s.Name(), in) {
			err = fault("stuck")
			watchOf(ctx).stuck.Add(1)
		} else {
			watchOf(ctx).undone.Add(1)
		}
		b.books.step(ctx, "undo "+s.Name(), semconv.StepKindTask, judge(ctx, err))
		b.books.recovery(ctx, "undo "+s.Name(), "compensation")
		return err
	})
}
