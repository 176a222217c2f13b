package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func inc(_ context.Context, in int) (int, error) { return in + 1, nil }

var errLuck = errors.New("no luck")

// The waits double up to the top, and jitter only ever shortens them.
func TestDelay(t *testing.T) {
	for _, tc := range []struct {
		base, top time.Duration
		attempt   int
		want      time.Duration
	}{
		{100 * time.Millisecond, time.Second, 1, 100 * time.Millisecond},
		{100 * time.Millisecond, time.Second, 2, 200 * time.Millisecond},
		{100 * time.Millisecond, time.Second, 4, 800 * time.Millisecond},
		{100 * time.Millisecond, time.Second, 5, time.Second},
		{time.Second, time.Second, 1, time.Second},
		{0, time.Second, 9, 0},
		{1, 1 << 62, 63, 1 << 62},
		{1, 1 << 62, 64, 1 << 62},
		{time.Hour, 1 << 62, 1 << 30, 1 << 62},
	} {
		p := retryPolicy{base: tc.base, top: tc.top}
		if got := p.delay(tc.attempt); got != tc.want {
			t.Errorf("%+v: waits %s", tc, got)
		}
		p.jitter = 0.5
		var shorter, different bool
		for range 50 {
			got := p.delay(tc.attempt)
			if got > tc.want || got < tc.want/2 {
				t.Errorf("%+v: waits %s with jitter", tc, got)
			}
			shorter = shorter || got < tc.want
			different = different || got != tc.want
		}
		if tc.want > 0 && (!shorter || !different) {
			t.Errorf("%+v: there is no jitter", tc)
		}
	}
}

// attempts returns how often a step that returns err is tried.
func attempts(err error, opts ...RetryOption) (n int) {
	step := Func("s", func(context.Context, int) (int, error) {
		n++
		return 0, err
	})
	opts = append(opts, Backoff(0, 0))
	_, _ = Retry(step, opts...).Run(context.Background(), 1)
	return n
}

func TestWhatIsWorthAnotherAttempt(t *testing.T) {
	never := RetryIf(func(error) bool { return false })
	always := RetryIf(func(error) bool { return true })
	for _, tc := range []struct {
		name string
		err  error
		opts []RetryOption
		want int
	}{
		{"success", nil, nil, 1},
		{"an error", errLuck, nil, 3},
		{"five times", errLuck, []RetryOption{Attempts(5)}, 5},
		{"once", errLuck, []RetryOption{Attempts(1)}, 1},
		{"permanent", Permanent(errLuck), nil, 1},
		{"permanent further down", fmt.Errorf("x: %w", Permanent(errLuck)), []RetryOption{always}, 1},
		{"a panic", &PanicError{Value: "x"}, nil, 1},
		{"a panic that is worth it", &PanicError{Value: "x"}, []RetryOption{always}, 3},
		{"not worth it", errLuck, []RetryOption{never}, 1},
		{"a cancellation of its own", context.Canceled, nil, 3},
	} {
		if got := attempts(tc.err, tc.opts...); got != tc.want {
			t.Errorf("%s: %d attempts, want %d", tc.name, got, tc.want)
		}
	}
}

func TestPermanentIsTheSameError(t *testing.T) {
	err := Permanent(errLuck)
	if !errors.Is(err, errLuck) || err.Error() != errLuck.Error() || Permanent(nil) != nil {
		t.Errorf("got %v", err)
	}
}

// A context that ends during a wait ends the retry then, with both reasons.
func TestRetryIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		step := Func("s", func(context.Context, int) (int, error) { return 0, errLuck })
		_, err := Retry(step, Backoff(time.Hour, time.Hour)).Run(ctx, 1)
		if time.Since(begin) != time.Second || !errors.Is(err, context.Canceled) || !errors.Is(err, errLuck) {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		if Outcome(ctx, err) != "cancelled" {
			t.Errorf("outcome %s", Outcome(ctx, err))
		}
	})
}

// An attempt knows its number, and so does all that lies in it.
func TestAttemptNumber(t *testing.T) {
	var seen []int
	note := func(ctx context.Context) {
		info, _ := FromContext(ctx)
		seen = append(seen, info.Attempt)
	}
	inner := Func("inner", func(ctx context.Context, in int) (int, error) {
		note(ctx)
		return 0, errLuck
	})
	outer := Fallback(Retry(Sequential("all", inner), Attempts(2), Backoff(0, 0)), Func("other", func(ctx context.Context, in int) (int, error) {
		note(ctx)
		return in, nil
	}))
	if _, err := New("w", outer).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(seen) != "[1 2 0]" {
		t.Errorf("attempts %v", seen)
	}
}

func TestTimeoutErrorIsDeadlineExceeded(t *testing.T) {
	err := error(&TimeoutError{Limit: time.Second, Err: errLuck})
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errLuck) || errorType(err) != "timeout" {
		t.Errorf("got %v", err)
	}
	if Outcome(t.Context(), err) != "timeout" {
		t.Errorf("outcome %s", Outcome(t.Context(), err))
	}
}

// A limit that is longer than the caller's has nothing to say about the failure.
func TestWithinBlamesTheRightLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range []struct {
			limit, caller, after time.Duration
			ours                 bool
		}{
			{2, 5, 1, false},
			{2, 5, 3, true},
			{2, 5, 6, false},
			{5, 2, 3, false},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), tc.caller*time.Second)
			_, err := within(ctx, tc.limit*time.Second, func(context.Context) (int, error) {
				time.Sleep(tc.after * time.Second)
				return 0, errLuck
			})
			cancel()
			if _, ours := errors.AsType[*TimeoutError](err); ours != tc.ours {
				t.Errorf("%+v: %v", tc, err)
			}
		}
	})
}

// The class of many failures is that of the first, all through.
func TestFailures(t *testing.T) {
	timeout := &TimeoutError{Limit: time.Second, Err: errLuck}
	for _, tc := range []struct {
		failed  failures
		outcome string
		kind    string
	}{
		{failures{errLuck, timeout}, "error", "_OTHER"},
		{failures{timeout, errLuck}, "timeout", "timeout"},
		{failures{limited{errLuck}, timeout}, "error", "rate_limit"},
		{failures{(*StepError)(nil), timeout}, "error", errorType((*StepError)(nil))},
	} {
		err := tc.failed.err()
		if Outcome(t.Context(), err) != tc.outcome || errorType(err) != tc.kind {
			t.Errorf("%v: %s, %s", err, Outcome(t.Context(), err), errorType(err))
		}
	}
	if failures(nil).err() != nil || !errors.Is(failures{errLuck}.err(), errLuck) {
		t.Error("no failure is one, or one is many")
	}
}

// What can never work panics where it is written down, not when it runs.
func TestMistakesPanic(t *testing.T) {
	step := Func("s", inc)
	for want, mistake := range map[string]func(){
		"Map m: the limit must be at least 1 (got 0)":                       func() { Map("m", step, 0) },
		"Timeout s: the limit must be positive (got 0s)":                    func() { Timeout(step, 0) },
		"Retry s: the attempts must be at least 1 (got 0)":                  func() { Retry(step, Attempts(0)) },
		"Retry s: the backoff must go from 0 or more to no less (got 2s":    func() { Retry(step, Backoff(2*time.Second, time.Second)) },
		"Retry s: the backoff must go from 0 or more to no less (got -1s":   func() { Retry(step, Backoff(-time.Second, 0)) },
		"Retry s: the jitter must be a share from 0 to 1 (got 1.5)":         func() { Retry(step, Jitter(1.5)) },
		"Retry s: the time of an attempt must be positive (got -1s)":        func() { Retry(step, AttemptTimeout(-time.Second)) },
		"Saga s: the time to undo must be positive (got 0s)":                func() { Saga("s", step, UndoTimeout(0)) },
		"Router r: two routes are called s":                                 func() { Router("r", nil, Route[int, int]{Step: step}, Route[int, int]{Step: step}) },
		"NewLRU: needs at least 1 entry and a TTL of 0 or more (got 0, 1s)": func() { NewLRU[int](0, time.Second) },
		"NewConversation c: the limit must be at least 1 (got 0)":           func() { NewConversation("c", RunScope, NewLRU[[]int](1, 0), 0) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "workflow: "+want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}()
			mistake()
		}()
	}
}
