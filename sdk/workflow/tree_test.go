package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// forest grows trees of all primitives. The same seed grows the same tree; what
// its leaves do, which run at the same time, is a matter of luck.
type forest struct {
	shape *rand.Rand
	luck  uint64
	ran   *atomic.Int64
	names int
}

func (f *forest) name(kind string) string {
	f.names++
	return fmt.Sprintf("%s%d", kind, f.names)
}

// leaf succeeds mostly; it fails in every way that a step can.
func (f *forest) leaf() workflow.Step[int, int] {
	add, name := f.shape.IntN(10), f.name("leaf")
	return workflow.Func(name, func(ctx context.Context, in int) (int, error) {
		luck := rand.New(rand.NewPCG(f.luck, uint64(f.ran.Add(1))))
		takes := time.Duration(1+luck.IntN(1000)) * time.Millisecond
		if luck.IntN(12) == 0 {
			takes = 10 * time.Minute // more than any Timeout gives
		}
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		switch luck.IntN(12) {
		case 0:
			return 0, errors.New("no luck")
		case 1:
			return 0, workflow.Permanent(context.DeadlineExceeded)
		case 2:
			panic("broken")
		case 3:
			return workflow.Tool(ctx, "tool", func(context.Context, *workflow.Call) (int, error) { return in * 2, nil })
		default:
			return in + add, nil
		}
	})
}

func (f *forest) grow(depth int) workflow.Step[int, int] {
	if depth == 0 {
		return f.leaf()
	}
	next := func() workflow.Step[int, int] { return f.grow(depth - 1) }
	odd := func(_ context.Context, in int) (bool, error) { return in%2 == 1, nil }
	sum := workflow.Func(f.name("sum"), func(_ context.Context, in []int) (total int, _ error) {
		for _, v := range in {
			total += v
		}
		return total, nil
	})
	switch f.shape.IntN(9) {
	case 0:
		return workflow.Then(next(), next())
	case 1:
		return workflow.Sequential(f.name("sequential"), next(), next())
	case 2:
		return workflow.Then(workflow.Parallel(f.name("parallel"), next(), next(), next()), sum)
	case 3:
		return workflow.If(f.name("if"), odd, next(), next())
	case 4:
		return workflow.Retry(next(), workflow.Attempts(3))
	case 5:
		return workflow.Fallback(next(), next())
	case 6:
		return workflow.Timeout(next(), time.Minute+time.Duration(f.shape.IntN(1000))*time.Second/10)
	case 7:
		double := workflow.Func(f.name("twice"), func(_ context.Context, in int) ([]int, error) { return []int{in, in + 1, in + 2}, nil })
		return workflow.Then3(double, workflow.Map(f.name("map"), next(), 2), sum)
	default:
		undo := func(context.Context, int, int) error { return nil }
		return workflow.Saga(f.name("saga"), workflow.Then(workflow.Compensate(f.leaf(), undo), next()))
	}
}

// plant grows the tree of a seed, with leaves of another.
func plant(shape, luck uint64) (step workflow.Step[int, int], ran *atomic.Int64) {
	f := &forest{shape: rand.New(rand.NewPCG(shape, 0)), luck: luck, ran: new(atomic.Int64)}
	return f.grow(3), f.ran
}

// text of an error without the stack or pointer of anything.
func text(err error) string { return fmt.Sprint(err) }

// Whatever tree was recorded, its replay comes to the same without running a
// single leaf, though they would return something else by now.
func TestReplayOfAnyTree(t *testing.T) {
	plain := 0
	for seed := range uint64(500) {
		synctest.Test(t, func(t *testing.T) {
			var b bytes.Buffer
			step, _ := plant(seed, seed)
			out, err := workflow.New("w", step, workflow.Record(&b)).Run(t.Context(), 1)
			run := read(t, &b)[0]
			if ambiguous(run) {
				return
			}
			plain++

			step, ran := plant(seed, seed+1)
			again, replayErr := workflow.Replay(t.Context(), workflow.New("w", step), run, workflow.Verify())
			if again != out || text(replayErr) != text(err) || ran.Load() != 0 {
				t.Errorf("seed %d: the run came to %d, %v\nits replay to %d, %v; %d leaves ran\n%s", seed, out, err, again, replayErr, ran.Load(), shown(run))
			}
		})
	}
	if plain < 300 {
		t.Errorf("only %d of the trees were compared", plain)
	}
}

// ambiguous reports whether two steps that ran at the same time failed both:
// which is the first is not a thing that a recording keeps.
func ambiguous(run *recording.Run) bool {
	failures := make(map[string]int)
	for _, s := range run.Steps {
		if s.Err != nil && s.Err.Outcome != "cancelled" && strings.Contains(s.Lane, ".") {
			failures[s.Lane[:strings.LastIndexByte(s.Lane, '.')]]++
		}
	}
	for _, s := range run.Steps {
		if (s.Kind == "parallel" || s.Kind == "map") && failures[s.Lane] > 1 {
			return true
		}
	}
	return false
}

// Attempts, decisions and the last failure of what should have handled it are
// told, each once and at its level.
func TestPrimitivesAreLogged(t *testing.T) {
	for _, tc := range []struct {
		name string
		root workflow.Step[int, int]
		want string
	}{
		{"retry", workflow.Retry(workflow.Func("s", fails), workflow.Attempts(2), workflow.Backoff(0, 0)), `INFO step_start kind=retry workflow.attempt.max=2
INFO attempt_start attempt=1
INFO step_start kind=task attempt=1
WARN step_failed kind=task attempt=1
WARN attempt_failed attempt=1
INFO attempt_start attempt=2
INFO step_start kind=task attempt=2
WARN step_failed kind=task attempt=2
WARN attempt_failed attempt=2
ERROR step_failed kind=retry workflow.attempt.max=2 workflow.retry.attempts=2
ERROR workflow_failed
`},
		{"fallback", workflow.Fallback(workflow.Func("s", fails), workflow.Func("s2", double)), `INFO step_start kind=fallback
INFO step_start kind=task
WARN step_failed kind=task
WARN fallback_used workflow.fallback.used=true workflow.fallback.index=1
INFO step_start kind=task index=1
INFO step_complete kind=task index=1
INFO step_complete kind=fallback workflow.fallback.used=true workflow.fallback.index=1
INFO workflow_complete
`},
		{"branch", workflow.When("maybe", func(context.Context, int) (bool, error) { return false, nil }, workflow.Func("s", double)), `INFO step_start kind=conditional
INFO branch_selected workflow.branch.name=else
INFO step_complete kind=conditional workflow.branch.name=else
INFO workflow_complete
`},
		{"saga", workflow.Saga("saga", workflow.Then(
			workflow.Compensate(workflow.Func("s", double), func(context.Context, int, int) error { return errors.New("cannot undo") }), workflow.Func("s2", fails))), `INFO step_start kind=saga
INFO step_start kind=task
INFO step_complete kind=task
INFO step_start kind=task index=1
WARN step_failed kind=task index=1
WARN compensation_triggered steps=1
INFO compensation_start kind=task index=2 workflow.compensation.of=s
ERROR compensation_failed kind=task index=2 workflow.compensation.of=s
ERROR step_failed kind=saga
ERROR workflow_failed
`},
		{"router", workflow.Router("r", func(context.Context, int) (workflow.Choice, error) { return workflow.Choice{Route: "s"}, nil },
			workflow.Route[int, int]{Step: workflow.Func("s", double), Tier: "small"}), `INFO step_start kind=router workflow.router.candidates=[s]
INFO route_selected workflow.router.choice=s workflow.router.tier=small
INFO step_start kind=task
INFO step_complete kind=task
INFO step_complete kind=router workflow.router.candidates=[s] workflow.router.choice=s workflow.router.tier=small
INFO workflow_complete
`},
		{"a choice that fails", workflow.Router("r", func(context.Context, int) (workflow.Choice, error) {
			return workflow.Choice{}, context.DeadlineExceeded
		},
			workflow.Route[int, int]{Step: workflow.Func("s", double), Default: true}), `INFO step_start kind=router workflow.router.candidates=[s]
WARN route_failed error_type=timeout
INFO route_selected workflow.router.choice=s workflow.router.reason="the
INFO step_start kind=task
INFO step_complete kind=task
INFO step_complete kind=router workflow.router.candidates=[s] workflow.router.choice=s workflow.router.reason="the
INFO workflow_complete
`},
		{"timeout", workflow.Timeout(workflow.Func("s", expires), time.Minute), `INFO step_start kind=timeout workflow.timeout_ms=60000
INFO step_start kind=task
WARN step_failed kind=task error_type=timeout
WARN step_failed kind=timeout workflow.timeout_ms=60000 error_type=timeout
ERROR workflow_failed error_type=timeout
`},
		{
			"map", workflow.Then3(workflow.Func("list", func(_ context.Context, in int) ([]int, error) { return []int{in, in}, nil }),
				workflow.Map("m", workflow.Func("s", double), 1), workflow.Func("first", func(_ context.Context, in []int) (int, error) { return in[0], nil })),
			`INFO step_start kind=task
INFO step_complete kind=task
INFO step_start kind=map index=1 workflow.parallel.limit=1
INFO step_start kind=task
INFO step_complete kind=task
INFO step_start kind=task index=1
INFO step_complete kind=task index=1
INFO step_complete kind=map index=1 workflow.parallel.limit=1 workflow.parallel.size=2
INFO step_start kind=task index=2
INFO step_complete kind=task index=2
INFO workflow_complete
`,
		},
		{"cache", workflow.Cache(workflow.Func("s", double), func(int) string { return "secret prompt" }, workflow.NewLRU[int](1, 0)), `INFO step_start kind=cache
INFO cache_miss workflow.cache.hit=false
INFO step_start kind=task
INFO step_complete kind=task
INFO step_complete kind=cache workflow.cache.hit=false
INFO workflow_complete
`},
	} {
		l, logged := logTo(slog.LevelInfo)
		_, _ = workflow.New("w", tc.root, workflow.Logger(l)).Run(t.Context(), 1)
		if got := brief(logged()); got != "INFO workflow_start\n"+tc.want {
			t.Errorf("%s: got\n%s\nwant\nINFO workflow_start\n%s", tc.name, got, tc.want)
		}
	}
}

// brief leaves of each line what the events above are about, but for first places
// and errors of no class.
func brief(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		words := strings.Fields(line)
		b.WriteString(words[0] + " " + words[1])
		for _, word := range words[2:] {
			key, value, _ := strings.Cut(word, "=")
			switch {
			case key == "index" && value == "0", key == "error_type" && value == "_OTHER":
			case strings.HasPrefix(key, "workflow."), slices.Contains([]string{"kind", "index", "attempt", "steps", "error_type"}, key):
				b.WriteString(" " + word)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// What a step decided stands in its line.
func TestDecisionsAreRecorded(t *testing.T) {
	run := record(t, workflow.Fallback(workflow.Func("s", fails), workflow.Func("s2", double)), 1)
	var found recording.Step
	for _, s := range run.Steps {
		if s.Kind == "fallback" {
			found = s
		}
	}
	if got := fmt.Sprint(found.Decisions); got != "map[workflow.fallback.index:1 workflow.fallback.used:true]" || string(found.In) != "1" || string(found.Out) != "2" {
		t.Errorf("got %+v", found)
	}
}

// What outlives the run is answered too: a cache that is empty by now is not asked.
func TestReplayOfMemoryAndCache(t *testing.T) {
	build := func(store workflow.Store[int], heads workflow.Store[int]) workflow.Step[int, string] {
		memory := workflow.NewMemory("notes", workflow.SharedScope, heads)
		cached := workflow.Cache(workflow.Func("s", double), func(int) string { return "k" }, store)
		read := workflow.Func("read", func(ctx context.Context, in int) (string, error) {
			value, ok, err := memory.Get(ctx, "x")
			return fmt.Sprint(in, value, ok, err), err
		})
		return workflow.Then(cached, read)
	}
	store, heads := workflow.NewLRU[int](9, 0), workflow.NewLRU[int](9, 0)
	if err := store.Put(t.Context(), "k", 77); err != nil {
		t.Fatal(err)
	}
	_, err := workflow.New("fill", workflow.Func("fill", func(ctx context.Context, in int) (int, error) {
		return in, workflow.NewMemory("notes", workflow.SharedScope, heads).Put(ctx, "x", 5)
	})).Run(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	run := record(t, build(store, heads), 1)
	for _, opts := range [][]workflow.ReplayOption{nil, {workflow.OnlyExternal(), workflow.Verify()}} {
		empty := build(workflow.NewLRU[int](9, 0), workflow.NewLRU[int](9, 0))
		got, err := workflow.Replay(t.Context(), workflow.New("w", empty), run, opts...)
		if got != "77 5 true <nil>" || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
	}
}
