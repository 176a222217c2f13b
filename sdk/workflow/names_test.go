package workflow

import (
	"context"
	"errors"
	"testing"
)

// A policy is called as what it is about, and all else as it was told to be.
func TestNames(t *testing.T) {
	a, b := Func("a", inc), Func("b", inc)
	for _, tc := range []struct {
		step interface{ Name() string }
		want string
	}{
		{Then4(a, b, a, b), "a >> b >> a >> b"},
		{Sequential("s", a, b), "s"},
		{Parallel("p", a, b), "p"},
		{Both("both", a, b), "both"},
		{Map("m", a, 1), "m"},
		{If("i", nil, a, b), "i"},
		{When("w", nil, a), "w"},
		{Switch[int, int]("sw", nil, nil, a), "sw"},
		{Router[int, int]("r", nil), "r"},
		{Retry(a), "a"},
		{Fallback(a, b), "a"},
		{Timeout(a, 1), "a"},
		{Cache(a, nil, NewLRU[int](1, 0)), "a"},
		{Saga("saga", a), "saga"},
		{Compensate(a, nil), "a"},
		{New("wf", a), "wf"},
		{skip[int]{}, "skipped"},
	} {
		if got := tc.step.Name(); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

// A decision that fails or panics is a failure of the step that needed it.
func TestDecisionsThatFail(t *testing.T) {
	a := Func("a", inc)
	for name, step := range map[string]Step[int, int]{
		"if":     If("d", func(context.Context, int) (bool, error) { return true, errLuck }, a, a),
		"when":   When("d", func(context.Context, int) (bool, error) { return false, errLuck }, a),
		"switch": Switch("d", func(context.Context, int) (int, error) { return 0, errLuck }, nil, a),
		"router": Router("d", func(context.Context, int) (Choice, error) { return Choice{}, errLuck }, Route[int, int]{Step: a}),
		"panic":  If("d", func(context.Context, int) (bool, error) { panic(errLuck) }, a, a),
		"key":    Cache(Func("d", inc), func(int) string { panic(errLuck) }, NewLRU[int](1, 0)),
	} {
		_, err := New("w", step).Run(t.Context(), 1)
		placed, ok := errors.AsType[*StepError](err)
		if !ok || placed.Step != "d" || !errors.Is(err, errLuck) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestEmptyCombinatorsAreNeutral(t *testing.T) {
	if out, err := Sequential[int]("s").Run(t.Context(), 7); out != 7 || err != nil {
		t.Errorf("sequential: %d, %v", out, err)
	}
	if outs, err := Parallel[int, int]("p").Run(t.Context(), 7); len(outs) != 0 || outs == nil || err != nil {
		t.Errorf("parallel: %v, %v", outs, err)
	}
	if outs, err := Map("m", Func("a", inc), 3).Run(t.Context(), nil); len(outs) != 0 || outs == nil || err != nil {
		t.Errorf("map: %v, %v", outs, err)
	}
}
