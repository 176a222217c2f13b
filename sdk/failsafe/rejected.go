package failsafe

import (
	"errors"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"
	"github.com/failsafe-go/failsafe-go/adaptivethrottler"
	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/ratelimiter"
)

// RejectedError says that a policy did not let a step run.
type RejectedError struct {
	// Reason is circuit_open, rate_limit, bulkhead_full, limit_exceeded or throttled.
	Reason string
	// Err is the error of the policy, such as circuitbreaker.ErrOpen.
	Err error
}

// Error shows the error of the policy.
func (e *RejectedError) Error() string { return "rejected: " + e.Err.Error() }

// Unwrap returns the error of the policy.
func (e *RejectedError) Unwrap() error { return e.Err }

// ErrorType returns the reason.
func (e *RejectedError) ErrorType() string { return e.Reason }

// reasons are the errors by which policies reject.
//
//nolint:gochecknoglobals // a table, never written to.
var reasons = []struct {
	err    error
	reason string
}{
	{circuitbreaker.ErrOpen, "circuit_open"},
	{ratelimiter.ErrExceeded, "rate_limit"},
	{bulkhead.ErrFull, "bulkhead_full"},
	{adaptivelimiter.ErrExceeded, "limit_exceeded"},
	{adaptivethrottler.ErrExceeded, "throttled"},
}

// rejected makes the error of a policy a *RejectedError. Others, such as that of
// a context that ended while a permit was waited for, stay as they are.
func rejected(err error) error {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return &RejectedError{Reason: r.reason, Err: err}
		}
	}
	return err
}
