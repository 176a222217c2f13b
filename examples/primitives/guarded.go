package main

import (
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/tta-dev/otelcol-workflow/sdk/failsafe"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// circuitOpen is what a circuit breaker calls it not to let a step run.
const circuitOpen = "circuit_open"

// guarded is a step behind a circuit breaker that all runs share, and another one
// that answers in its place. No plan has it: whether a run finds the circuit open
// depends on those before and beside it.
//
//	run_step guarded ask      fallback   index 1
//	├─ run_step guarded ask   circuit.state open, not tried
//	└─ run_step spare
func (b builder) guarded() step {
	breaker := circuitbreaker.NewBuilder[int]().WithFailureThresholdRatio(2, 5).WithDelay(20 * time.Millisecond).Build()
	ask := b.build(plan{kind: semconv.StepKindTask, name: "ask"})
	guard := metered(b, plan{kind: kindGuarded}, failsafe.Guard("guarded ask", step(visitor{ask}), breaker))
	spare := task(b, "spare", func(in int) int { return -in })
	return metered(b, plan{kind: semconv.StepKindFallback}, workflow.Fallback(step(visitor{guard}), step(visitor{spare})))
}
