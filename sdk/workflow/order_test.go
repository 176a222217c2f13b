package workflow_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// hangs waits for the end of its time.
func hangs(ctx context.Context, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// late works after a minute, if nothing interrupts it.
func late(work func(context.Context, int) (int, error)) func(context.Context, int) (int, error) {
	return func(ctx context.Context, in int) (int, error) {
		select {
		case <-time.After(time.Minute):
			return work(ctx, in)
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// pair is two steps at the same time, of which the second is external.
func pair(a, b func(context.Context, int) (int, error)) workflow.Step[int, []int] {
	return workflow.Parallel("pair", workflow.Func("a", a), workflow.External(workflow.Func("b", b)))
}

// replayed returns how a replay ended. It never waits for what does not come.
func replayed[O any](t *testing.T, step workflow.Step[int, O], run *recording.Run, opts ...workflow.ReplayOption) error {
	t.Helper()
	_, err := workflow.Replay(t.Context(), workflow.New("w", step), run, opts...)
	return err
}

// The step that failed fails again, not the one that it interrupted, though both
// answers are at hand.
func TestInterruptedStepsComeSecond(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			run := record(t, pair(late(fails), hangs), 1)
			if err := replayed(t, pair(double, double), run, workflow.Verify()); err == nil || err.Error() != "workflow w: step pair/a: no luck" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A failure comes after what its siblings had done before.
func TestFailuresComeInOrder(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			build := func(last func(context.Context, int) (int, error), reached *bool) workflow.Step[int, []int] {
				note := func(_ context.Context, in int) (bool, error) {
					*reached = true
					return true, nil
				}
				chain := workflow.If("note", note, workflow.Func("x", double), workflow.Func("y", double))
				return workflow.Parallel("pair", workflow.Func("a", last), workflow.Then(workflow.Func("first", double), chain))
			}
			var before, again bool
			run := record(t, build(late(fails), &before), 1)
			err := replayed(t, build(double, &again), run)
			if err == nil || !strings.HasSuffix(err.Error(), "pair/a: no luck") || !before || !again {
				t.Errorf("got %v, reached %t and %t", err, before, again)
			}
		})
	}
}

// What was dropped from a recording, in a step that failed, is taken for what had
// no more time to start.
func TestUnrecordedInAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := record(t, pair(late(fails), hangs), 1)
		run.Steps = slices.DeleteFunc(run.Steps, func(s recording.Step) bool { return s.Path == "pair/b" })
		if err := replayed(t, pair(double, double), run, workflow.Verify()); err == nil || err.Error() != "workflow w: step pair/a: no luck" {
			t.Errorf("got %v", err)
		}
	})
}

// What interrupted a step may not come again: the step ends all the same.
func TestInterruptionThatDoesNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := record(t, pair(late(fails), hangs), 1)
		err := replayed(t, pair(double, double), run, workflow.OnlyExternal())
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "pair/b") {
			t.Errorf("got %v", err)
		}
		run.Steps = slices.DeleteFunc(run.Steps, func(s recording.Step) bool { return s.Path == "pair/b" })
		err = replayed(t, pair(double, double), run, workflow.OnlyExternal())
		if _, ok := errors.AsType[*workflow.UnrecordedError](err); !ok {
			t.Errorf("got %v", err)
		}
	})
}

// A limit that was hit is hit again, and the step around it says so.
func TestLimitIsHitAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := workflow.Timeout(workflow.Func("slow", hangs), time.Minute)
		run := record(t, slow, 1)
		fast := workflow.Timeout(workflow.Func("slow", double), time.Minute)
		err := replayed(t, fast, run, workflow.Verify())
		if limit, ok := errors.AsType[*workflow.TimeoutError](err); !ok || limit.Limit != time.Minute {
			t.Errorf("got %v", err)
		}
	})
}

// A run that its caller cancelled is not waited for: nobody cancels it this time.
func TestReplayOfACancelledRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file strings.Builder
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		time.AfterFunc(time.Minute, cancel)
		_, _ = workflow.New("w", workflow.Func("s", hangs), workflow.Record(&file)).Run(ctx, 1)
		runs, err := recording.Read(strings.NewReader(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		err = replayed(t, workflow.Func("s", double), runs[0])
		if !errors.Is(err, context.Canceled) || time.Since(begin) > 2*time.Second {
			t.Errorf("got %v after %v", err, time.Since(begin))
		}
	})
}
