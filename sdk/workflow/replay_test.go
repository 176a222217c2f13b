package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// record runs a workflow once and returns the recording.
func record[I, O any](t *testing.T, root workflow.Step[I, O], in I) *recording.Run {
	t.Helper()
	var b bytes.Buffer
	_, _ = workflow.New("w", root, workflow.Record(&b)).Run(t.Context(), in)
	return read(t, &b)[0]
}

// What reaches out runs only where it is asked to.
func TestReplay(t *testing.T) {
	for _, tc := range []struct {
		name string
		opts []workflow.ReplayOption
		want map[string]int
	}{
		{"all answered", nil, nil},
		{"external answered", []workflow.ReplayOption{workflow.OnlyExternal()}, map[string]int{"scale": 1, "ask": 1}},
		{"from a step", []workflow.ReplayOption{workflow.FromStep("both")}, map[string]int{"ask": 1, "model": 1, "charge": 1}},
		{"from the last", []workflow.ReplayOption{workflow.FromStep("inner/last")}, nil},
		{"verified", []workflow.ReplayOption{workflow.Verify()}, nil},
		{"external answered, verified", []workflow.ReplayOption{workflow.OnlyExternal(), workflow.Verify()}, map[string]int{"scale": 1, "ask": 1}},
		{"from a step, verified", []workflow.ReplayOption{workflow.FromStep("charge"), workflow.Verify()}, map[string]int{"charge": 1}},
	} {
		rec := record(t, new(assistant).steps(), 4)
		a := new(assistant)
		out, err := workflow.Replay(t.Context(), workflow.New("w", a.steps()), rec, tc.opts...)
		if out != 86 || err != nil || !maps.Equal(a.runs, tc.want) {
			t.Errorf("%s: got %d, %v, and %v ran", tc.name, out, err, a.runs)
		}
	}
}

// Errors are answered too, as what they were: whoever handles them does so again.
func TestReplayOfFailures(t *testing.T) {
	for _, work := range []func(context.Context, int) (int, error){fails, expires, panics} {
		handle := func(work func(context.Context, int) (int, error)) workflow.Step[int, string] {
			return workflow.Func("handle", func(ctx context.Context, in int) (string, error) {
				_, err := workflow.Do(ctx, "do", func(ctx context.Context) (int, error) { return work(ctx, in) })
				return fmt.Sprint(errors.Is(err, context.DeadlineExceeded), err), nil
			})
		}
		rec := record(t, handle(work), 1)
		ran := false
		again := handle(func(context.Context, int) (int, error) {
			ran = true
			return 0, nil
		})
		want := strings.Trim(string(rec.End.Out), `"`)
		got, err := workflow.Replay(t.Context(), workflow.New("w", again), rec)
		if got != want || err != nil || ran {
			t.Errorf("got %s, %v, want %s, ran %t", got, err, want, ran)
		}

		_, was := workflow.New("w", workflow.Func("s", work)).Run(t.Context(), 1)
		rec = record(t, workflow.Func("s", work), 1)
		_, is := workflow.Replay(t.Context(), workflow.New("w", workflow.Func("s", double)), rec)
		if is == nil || is.Error() != was.Error() {
			t.Errorf("the run failed with %v, its replay with %v", was, is)
		}
	}
}

// The pieces of a stream come again, and so does its error.
func TestReplayOfAStream(t *testing.T) {
	broken := func(ctx context.Context, c *workflow.Call) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for piece := range parrot(2)(ctx, c) {
				if !yield(piece, nil) {
					return
				}
			}
			yield(0, errors.New("broken off"))
		}
	}
	hear := func(open func(context.Context, *workflow.Call) iter.Seq2[int, error]) workflow.Step[int, string] {
		return workflow.Func("s", func(ctx context.Context, limit int) (string, error) {
			var heard strings.Builder
			for piece, err := range workflow.LLMStream(ctx, "openai", "gpt-4o", open) {
				fmt.Fprintf(&heard, "%d %v;", piece, err)
				if limit--; limit == 0 {
					break
				}
			}
			return heard.String(), nil
		})
	}
	for _, tc := range []struct {
		open  func(context.Context, *workflow.Call) iter.Seq2[int, error]
		limit int
		want  string
	}{
		{parrot(3), 9, "0 <nil>;1 <nil>;2 <nil>;"},
		{parrot(3), 2, "0 <nil>;1 <nil>;"},
		{parrot(0), 9, ""},
		{broken, 9, "0 <nil>;1 <nil>;0 broken off;"},
	} {
		rec := record(t, hear(tc.open), tc.limit)
		got, err := workflow.Replay(t.Context(), workflow.New("w", hear(parrot(99))), rec, workflow.OnlyExternal())
		if got != tc.want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, tc.want)
		}
	}
}

// What is not there is never made up, and never run in secret.
func TestUnrecorded(t *testing.T) {
	rec := record(t, workflow.Func("old", double), 1)
	ran := false
	renamed := workflow.Func("new", func(context.Context, int) (int, error) {
		ran = true
		return 0, nil
	})
	_, err := workflow.Replay(t.Context(), workflow.New("w", renamed), rec)
	if u, ok := errors.AsType[*workflow.UnrecordedError](err); !ok || ran || u.Error() != "replay of new: it is not in the recording" {
		t.Errorf("got %v, ran %t", err, ran)
	}

	long := workflow.Func("long", func(context.Context, int) (string, error) { return strings.Repeat("x", 100<<10), nil })
	_, err = workflow.Replay(t.Context(), workflow.New("w", long), record(t, long, 1))
	if u, ok := errors.AsType[*workflow.UnrecordedError](err); !ok || u.Reason != "its output is not in the recording: 102402 bytes; at most 65536 are recorded" {
		t.Errorf("got %v", err)
	}

	text := workflow.Func("old", func(context.Context, int) (string, error) { return "", nil })
	if _, err := workflow.Replay(t.Context(), workflow.New("w", text), rec); err == nil || !strings.Contains(err.Error(), "the recorded output of old is no string") {
		t.Errorf("got %v", err)
	}
}

func TestReplayRefuses(t *testing.T) {
	rec := record(t, workflow.Func("s", double), 1)
	numbers := workflow.New("w", workflow.Func("s", double))
	texts := workflow.New("w", workflow.Func("s", func(context.Context, string) (int, error) { return 0, nil }))
	if _, err := workflow.Replay(t.Context(), numbers, rec, workflow.FromStep("x")); err == nil || !strings.HasSuffix(err.Error(), `has no step "x" to replay from`) {
		t.Errorf("got %v", err)
	}
	if _, err := workflow.Replay(t.Context(), texts, rec); err == nil || !strings.Contains(err.Error(), "is no string") {
		t.Errorf("got %v", err)
	}
	if _, err := workflow.Replay(t.Context(), workflow.New("other", workflow.Func("s", double)), rec); err == nil || !strings.HasSuffix(err.Error(), `is of the workflow "w", not of "other"`) {
		t.Errorf("got %v", err)
	}
	huge := record(t, workflow.Func("s", func(context.Context, string) (int, error) { return 0, nil }), strings.Repeat("x", 100<<10))
	if _, err := workflow.Replay(t.Context(), texts, huge); err == nil || !strings.HasSuffix(err.Error(), "was not recorded: 102402 bytes; at most 65536 are recorded") {
		t.Errorf("got %v", err)
	}
}

// The first difference is the one that started first, whatever came later.
func TestVerify(t *testing.T) {
	scale := func(factor int) workflow.Step[int, int] {
		return workflow.Func("scale", func(_ context.Context, in int) (int, error) { return factor * in, nil })
	}
	last := workflow.External(workflow.Func("last", double))
	rec := record(t, workflow.Then(scale(2), last), 1)
	onlyExternal := []workflow.ReplayOption{workflow.OnlyExternal(), workflow.Verify()}
	verify := []workflow.ReplayOption{workflow.Verify()}
	for _, tc := range []struct {
		name string
		root workflow.Step[int, int]
		opts []workflow.ReplayOption
		want string
	}{
		{"the same", workflow.Then(scale(2), last), onlyExternal, ""},
		{"output", workflow.Then(scale(3), last), onlyExternal, "step scale: output differs: recorded 2, replayed 3"},
		{"answered, so not seen", workflow.Then(scale(3), last), verify, ""},
		{"error", workflow.Then(workflow.Func("scale", fails), last), onlyExternal, "step scale: error differs: recorded none, replayed no luck (error)"},
		{"a step more", workflow.Then3(scale(2), last, workflow.Func("more", double)), onlyExternal, "step more: a new step differs: recorded none, replayed task"},
		{"a step less", scale(2), onlyExternal, "step last: a missing step differs: recorded task, replayed none"},
		{
			"kind", workflow.Then(scale(2), workflow.Then(workflow.Parallel("last", workflow.Func("x", double)), workflow.Func("y", func(_ context.Context, in []int) (int, error) { return in[0], nil }))),
			onlyExternal, "step last: kind differs: recorded task, replayed parallel",
		},
		{"input", workflow.Then3(scale(2), foreign{}, last), verify, "step last: input differs: recorded 2, replayed 3"},
		{"the run's output", workflow.Then3(scale(2), last, foreign{}), verify, "the run: output differs: recorded 4, replayed 5"},
	} {
		_, err := workflow.Replay(t.Context(), workflow.New("w", tc.root), rec, tc.opts...)
		diff, found := errors.AsType[*workflow.DifferenceError](err)
		if found != (tc.want != "") || found && diff.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

// foreign is a step of another hand, which nobody records. It adds 1.
type foreign struct{}

func (foreign) Name() string { return "foreign" }

func (foreign) Run(_ context.Context, in int) (int, error) { return in + 1, nil }

// What lies in an answered step does not run, and is not missing. A recording that
// was laid out by hand is the same.
func TestVerifyOfAnsweredSteps(t *testing.T) {
	rec := record(t, new(assistant).steps(), 4)
	rec.Steps[0].In = append([]byte(" "), append(rec.Steps[0].In, '\n')...)
	out, err := workflow.Replay(t.Context(), workflow.New("w", new(assistant).steps()), rec, workflow.Verify())
	if out != 86 || err != nil {
		t.Errorf("got %d, %v", out, err)
	}
}

// A replay is a run of its own and knows what it is; so does what it starts.
func TestReplayKnowsItself(t *testing.T) {
	var outer, inner workflow.Info
	step := workflow.Func("s", func(ctx context.Context, in int) (int, error) {
		outer, _ = workflow.FromContext(ctx)
		inner = within(ctx, t, func(context.Context) {})
		return in, nil
	})
	rec := record(t, step, 1)
	if outer.Replay || inner.Replay {
		t.Errorf("a recorded run is no replay: %+v", outer)
	}
	if _, err := workflow.Replay(t.Context(), workflow.New("w", step), rec, workflow.FromStep("s")); err != nil {
		t.Fatal(err)
	}
	if !outer.Replay || !inner.Replay || outer.RunID == rec.ID {
		t.Errorf("outer %+v\ninner %+v", outer, inner)
	}
}

func ExampleReplay() {
	var file bytes.Buffer
	answer := workflow.Func("answer", func(ctx context.Context, question string) (string, error) {
		return workflow.LLM(ctx, "openai", "gpt-4o", func(context.Context, *workflow.Call) (string, error) {
			fmt.Println("the model is asked")
			return "on its way", nil
		})
	})
	_, _ = workflow.New("support", answer, workflow.Record(&file)).Run(context.Background(), "where is my order")

	runs, err := recording.Read(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := workflow.Replay(context.Background(), workflow.New("support", answer), runs[0], workflow.OnlyExternal(), workflow.Verify())
	fmt.Println(reply, err)
	// Output:
	// the model is asked
	// on its way <nil>
}

// Whatever was done to a recording, its replay ends with a result or an error,
// and the error of a step says where.
func FuzzReplay(f *testing.F) {
	var b bytes.Buffer
	if _, err := workflow.New("w", new(assistant).steps(), workflow.Record(&b)).Run(f.Context(), 4); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), "both", true)
	f.Add(bytes.ReplaceAll(b.Bytes(), []byte(`"out"`), []byte(`"err"`)), "", false)
	f.Add(bytes.ReplaceAll(b.Bytes(), []byte("chat"), []byte("task")), "charge", true)
	f.Add([]byte(`{"run":{"v":1,"workflow":"w","in":4}}`+"\n"+`{"step":{"path":"scale","lane":"0","err":{"type":"panic"}}}`), "", true)
	f.Fuzz(func(t *testing.T, data []byte, from string, verify bool) {
		runs, err := recording.Read(bytes.NewReader(data))
		if err != nil || len(runs) == 0 {
			return
		}
		for i := range runs[0].Steps {
			runs[0].Steps[i].Start, runs[0].Steps[i].Seconds = runs[0].Start.Start, 0 // is waited for
		}
		opts := []workflow.ReplayOption{workflow.FromStep(from)}
		if verify {
			opts = append(opts, workflow.Verify())
		}
		_, err = workflow.Replay(t.Context(), workflow.New("w", new(assistant).steps()), runs[0], opts...)
		if failed, ok := errors.AsType[*workflow.StepError](err); ok && failed.Step == "" {
			t.Errorf("no place in %v", err)
		}
	})
}

// What was charged and refunded then is neither charged nor refunded again.
func TestReplayOfASagaReachesNothing(t *testing.T) {
	build := func(reached *[]string) workflow.Step[int, int] {
		reach := func(what string) func(context.Context, int) (int, error) {
			return func(_ context.Context, in int) (int, error) {
				*reached = append(*reached, what)
				return in, nil
			}
		}
		refund := func(context.Context, int, int) error {
			*reached = append(*reached, "refund")
			return nil
		}
		return workflow.Saga("order", workflow.Then3(
			workflow.External(workflow.Compensate(workflow.Func("charge", reach("charge")), refund)),
			workflow.Compensate(workflow.External(workflow.Func("reserve", reach("reserve"))), refund),
			workflow.Func("ship", fails)))
	}
	var then, again []string
	run := record(t, build(&then), 1)
	_, err := workflow.Replay(t.Context(), workflow.New("w", build(&again)), run, workflow.OnlyExternal(), workflow.Verify())
	if err == nil || err.Error() != "workflow w: step order/ship: no luck" || len(again) != 0 {
		t.Errorf("got %v, and %q were reached", err, again)
	}
	if strings.Join(then, " ") != "charge reserve refund refund" {
		t.Errorf("the run reached %q", then)
	}
}
