package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// read reads what was recorded.
func read(t *testing.T, b *bytes.Buffer) []*recording.Run {
	t.Helper()
	runs, err := recording.Read(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatalf("%v of\n%s", err, b)
	}
	return runs
}

// shown is what matters of recorded steps, by start: where, what in, what out.
func shown(run *recording.Run) string {
	steps := slices.Clone(run.Steps)
	slices.SortFunc(steps, func(a, b recording.Step) int { return a.Seq - b.Seq })
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%d %s %s %s.%d", s.Seq, s.Kind, s.Path, s.Lane, s.Nth)
		if s.External {
			b.WriteString(" external")
		}
		fmt.Fprintf(&b, " %s%s -> %s%s", s.In, s.CutIn, s.Out, s.CutOut)
		if s.Err != nil {
			fmt.Fprintf(&b, "%s %s %q", s.Err.Outcome, s.Err.Type, s.Err.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// parrot says n pieces.
func parrot(n int) func(context.Context, *workflow.Call) iter.Seq2[int, error] {
	return func(context.Context, *workflow.Call) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range n {
				if !yield(i, nil) {
					return
				}
			}
		}
	}
}

// assistant has a step of every kind that is recorded in a way of its own.
type assistant struct {
	mu   sync.Mutex
	runs map[string]int // of the things that reach out
}

func (a *assistant) reach(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.runs == nil {
		a.runs = make(map[string]int)
	}
	a.runs[what]++
}

func (a *assistant) steps() workflow.Step[int, int] {
	scale := workflow.Func("scale", func(_ context.Context, in int) (int, error) {
		a.reach("scale")
		return in * 10, nil
	})
	ask := workflow.Func("ask", func(ctx context.Context, in int) (int, error) {
		a.reach("ask")
		return workflow.LLM(ctx, "openai", "gpt-4o", func(context.Context, *workflow.Call) (int, error) {
			a.reach("model")
			return in + 1, nil
		})
	})
	listen := workflow.Func("listen", func(ctx context.Context, in int) (int, error) {
		for piece, err := range workflow.LLMStream(ctx, "openai", "gpt-4o", parrot(3)) {
			if err != nil {
				return 0, err
			}
			in += piece
		}
		return in, nil
	})
	charge := workflow.External(workflow.Func("charge", func(_ context.Context, in []int) (int, error) {
		a.reach("charge")
		return slices.Max(in), nil
	}))
	inner := workflow.New("inner", workflow.Func("last", double))
	return workflow.Then3(scale, workflow.Parallel("both", ask, listen), workflow.Then[[]int, int, int](charge, inner))
}

// The recording says of every step where it was, what went in and what came out.
func TestRecord(t *testing.T) {
	var b bytes.Buffer
	w := workflow.New("w", new(assistant).steps(), workflow.Record(&b), workflow.Version("1"))
	out, err := w.Run(t.Context(), 4)
	if out != 86 || err != nil {
		t.Fatalf("got %d, %v", out, err)
	}
	runs := read(t, &b)
	if len(runs) != 1 || string(runs[0].In) != "4" || string(runs[0].End.Out) != "86" || runs[0].Definition != "1" || runs[0].End.Outcome != "success" {
		t.Fatalf("got %+v", runs)
	}
	got := shown(runs[0])
	for _, want := range []string{
		"0 task scale 0.0 4 -> 40\n", "1 parallel both 1.0 40 -> [41,43]\n", " task both/ask 1.0.0 40 -> 41\n",
		" chat both/ask/gpt-4o 1.0..0 external  -> 41\n", " task both/listen 1.1.0 40 -> 43\n",
		" chat both/listen/gpt-4o 1.1..0 external  -> [0,1,2]\n", " task charge 2.0 external [41,43] -> 43\n", " task inner/last 0.0.0 43 -> 86\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 8 {
		t.Errorf("%d steps in\n%s", n, got)
	}
}

// However a step ends, its line says so.
func TestRecordFailures(t *testing.T) {
	for _, tc := range []struct {
		name string
		work func(context.Context, int) (int, error)
		want string
	}{
		{"error", fails, `0 task s 0.0 1 -> error _OTHER "no luck"` + "\n"},
		{"timeout", expires, `0 task s 0.0 1 -> timeout timeout "context deadline exceeded"` + "\n"},
		{"panic", panics, `0 task s 0.0 1 -> error panic "panic: broken"` + "\n"},
		{"exit", exits, `0 task s 0.0 1 -> error panic "panic: goroutine exited"` + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b bytes.Buffer
			var wg sync.WaitGroup
			wg.Go(func() {
				_, _ = workflow.New("w", workflow.Func("s", tc.work), workflow.Record(&b)).Run(t.Context(), 1)
			})
			wg.Wait()
			run := read(t, &b)[0]
			if got := shown(run); got != tc.want || run.End == nil || run.End.Err == nil {
				t.Errorf("got %s, want %s, end %+v", got, tc.want, run.End)
			}
		})
	}
}

// A step whose lines would be too many, too long or no JSON is left out and said to be.
func TestRecordingIsBounded(t *testing.T) {
	var b bytes.Buffer
	long := workflow.Func("long", func(context.Context, int) (string, error) { return strings.Repeat("x", 100), nil })
	odd := workflow.Func("odd", func(context.Context, string) (func(), error) { return nil, nil })
	w := workflow.New("w", workflow.Then(long, odd), workflow.Record(&b, workflow.MaxValue(50)))
	if _, err := w.Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	want := `0 task long 0.0 1 -> 102 bytes; at most 50 are recorded
1 task odd 1.0 102 bytes; at most 50 are recorded -> json: unsupported type: func()
`
	if got := shown(read(t, &b)[0]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	b.Reset()
	many := workflow.Func("many", func(ctx context.Context, _ int) (int, error) {
		for range 1000 {
			_, _ = workflow.Do(ctx, "one", func(context.Context) (int, error) { return 1, nil })
		}
		return 0, nil
	})
	if _, err := workflow.New("w", many, workflow.Record(&b, workflow.MaxRun(4096))).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	run := read(t, &b)[0]
	if b.Len() > 4096+300 || len(run.Steps) < 10 || run.End.Dropped != 1001-len(run.Steps) {
		t.Errorf("%d bytes, %d steps, %d dropped", b.Len(), len(run.Steps), run.End.Dropped)
	}
}

// A long stream is recorded as one that cannot be replayed, not as a shorter one.
func TestRecordedStreamIsBounded(t *testing.T) {
	var b bytes.Buffer
	step := workflow.Func("s", func(ctx context.Context, _ int) (n int, err error) {
		for range workflow.LLMStream(ctx, "openai", "gpt-4o", parrot(10_001)) {
			n++
		}
		return n, nil
	})
	if n, err := workflow.New("w", step, workflow.Record(&b)).Run(t.Context(), 1); n != 10_001 || err != nil {
		t.Fatalf("%d pieces, %v", n, err)
	}
	if got := shown(read(t, &b)[0]); !strings.Contains(got, "external  -> more than 10000 pieces\n") {
		t.Errorf("got\n%s", got)
	}
}

// Every string is redacted, wherever it lies; the rest stays what it is.
func TestRecordingIsRedacted(t *testing.T) {
	type order struct {
		Card  string
		Items []string
		Cents int64
		Note  map[string]any
	}
	var b bytes.Buffer
	pay := workflow.Func("pay", func(context.Context, order) (string, error) { return "card 4111", errors.New("4111 declined") })
	w := workflow.New("w", pay, workflow.Record(&b),
		workflow.Redact(func(s string) string { return strings.ReplaceAll(s, "4111", "****") }))
	_, _ = w.Run(t.Context(), order{"4111", []string{"a", "4111"}, 1 << 60, map[string]any{"x": "4111"}})
	if strings.Contains(b.String(), "4111") {
		t.Errorf("the recording says\n%s", b.String())
	}
	if got := string(read(t, &b)[0].Steps[0].In); got != `{"Card":"****","Cents":1152921504606846976,"Items":["a","****"],"Note":{"x":"****"}}` {
		t.Errorf("got %s", got)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A sink that fails is told of in the log, and the run does not notice.
func TestBrokenSink(t *testing.T) {
	l, logged := logTo(slog.LevelWarn)
	out, err := workflow.New("w", workflow.Func("s", double), workflow.Record(brokenPipe{}), workflow.Logger(l)).Run(t.Context(), 1)
	if out != 2 || err != nil {
		t.Errorf("got %d, %v", out, err)
	}
	if got := logged(); got != "WARN recording_failed error=\"broken pipe\" workflow=w\n" {
		t.Errorf("got %s", got)
	}
}

// Runs at the same time do not mix, and those that are not wanted are not there.
func TestRecordingOfManyRuns(t *testing.T) {
	var b bytes.Buffer
	failed := func(info workflow.Info, err error) bool { return err != nil && info.Workflow == "w" }
	odd := workflow.Func("odd", func(_ context.Context, in int) (int, error) {
		if in%2 == 1 {
			return 0, errors.New("odd")
		}
		return in, nil
	})
	w := workflow.New("w", odd, workflow.Record(&b, workflow.KeepIf(failed)))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { _, _ = w.Run(t.Context(), i) })
	}
	wg.Wait()
	runs := read(t, &b)
	if len(runs) != 10 {
		t.Fatalf("%d runs", len(runs))
	}
	for _, run := range runs {
		if len(run.Steps) != 1 || !bytes.Equal(run.Steps[0].In, run.In) || run.End.Err.Type != semconv.ErrorTypeOther {
			t.Errorf("run %s: %s", run.In, shown(run))
		}
	}
}

func TestBoundsOfARecording(t *testing.T) {
	for name, bound := range map[string]func(){
		"MaxValue": func() { workflow.MaxValue(0) }, "a large MaxValue": func() { workflow.MaxValue(5 << 20) }, "MaxRun": func() { workflow.MaxRun(0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", name)
				}
			}()
			bound()
		}()
	}
}
