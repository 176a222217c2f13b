package workflow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"reflect"
	"strconv"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

type limited struct{ error }

func (limited) ErrorType() string { return "rate_limit" }

func TestOutcomeAndErrorType(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		ctx           context.Context
		err           error
		outcome, kind string
	}{
		{t.Context(), errors.New("x"), semconv.OutcomeError, "_OTHER"},
		{t.Context(), fmt.Errorf("x: %w", errors.New("y")), semconv.OutcomeError, "_OTHER"},
		{t.Context(), strconv.ErrRange, semconv.OutcomeError, "_OTHER"},
		{t.Context(), &strconv.NumError{Err: net.UnknownNetworkError("x")}, semconv.OutcomeError, "net.UnknownNetworkError"},
		{t.Context(), limited{errors.New("x")}, semconv.OutcomeError, "rate_limit"},
		{t.Context(), &StepError{Err: limited{errors.New("x")}}, semconv.OutcomeError, "rate_limit"},
		{t.Context(), fmt.Errorf("x: %w", context.DeadlineExceeded), semconv.OutcomeTimeout, "timeout"},
		{t.Context(), os.ErrDeadlineExceeded, semconv.OutcomeTimeout, "timeout"},
		{t.Context(), context.Canceled, semconv.OutcomeError, "_OTHER"},
		{gone, context.Canceled, semconv.OutcomeCancelled, "_OTHER"},
		{gone, errors.New("x"), semconv.OutcomeError, "_OTHER"},
		{gone, (*fs.PathError)(nil), semconv.OutcomeError, "io/fs.PathError"},
		{gone, fmt.Errorf("x: %w", (*net.OpError)(nil)), semconv.OutcomeError, "net.OpError"},
		{gone, &StepError{Err: (*StepError)(nil)}, semconv.OutcomeError, reflect.TypeFor[StepError]().PkgPath() + ".StepError"},
	} {
		if got := Outcome(tc.ctx, tc.err); got != tc.outcome {
			t.Errorf("%v: outcome %q, want %q", tc.err, got, tc.outcome)
		}
		if got := errorType(tc.err); got != tc.kind {
			t.Errorf("%v: error.type %q, want %q", tc.err, got, tc.kind)
		}
	}
}
