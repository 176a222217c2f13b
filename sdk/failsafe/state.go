package failsafe

import (
	"errors"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/adaptivelimiter"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// circuit returns the state that lets least pass, and "" without a circuit breaker.
func circuit[O any](policies []failsafe.Policy[O]) string {
	worst := ""
	for _, p := range policies {
		breaker, ok := p.(circuitbreaker.CircuitBreaker[O])
		if !ok {
			continue
		}
		switch breaker.State() {
		case circuitbreaker.OpenState:
			return semconv.CircuitOpen
		case circuitbreaker.HalfOpenState:
			worst = semconv.CircuitHalfOpen
		default:
			if worst == "" {
				worst = semconv.CircuitClosed
			}
		}
	}
	return worst
}

// state describes the policies. The state of a circuit is the one that the run
// met, not the one it left behind:
//
//	before       executions     reported
//	closed       1, failed      closed       though it may be open now
//	open         0              open
//	open         1              half_open    its delay was over
//	closed       0, refused     open         another run opened it just then
//	half_open    0, refused     open         others are its trials
func (g *guard[I, O]) state(before string, executions int, err error) []attribute.KeyValue {
	var attrs []attribute.KeyValue
	switch {
	case before == semconv.CircuitOpen && executions > 0:
		before = semconv.CircuitHalfOpen
	case executions == 0 && errors.Is(err, circuitbreaker.ErrOpen):
		before = semconv.CircuitOpen
	}
	if before != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowCircuitState, before))
	}
	if executions > 1 {
		attrs = append(attrs, attribute.Int(semconv.WorkflowHedgeCount, executions-1))
	}
	for _, p := range g.policies {
		if limiter, ok := p.(adaptivelimiter.Metrics); ok {
			attrs = append(attrs,
				attribute.Int(semconv.WorkflowLimiterLimit, limiter.Limit()),
				attribute.Int(semconv.WorkflowLimiterInflight, limiter.Inflight()))
		}
	}
	return attrs
}
