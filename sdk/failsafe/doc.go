// Package failsafe puts steps of a workflow under policies of
// github.com/failsafe-go/failsafe-go: circuit breakers, rate limiters, adaptive
// limiters, bulkheads and hedges. It is a module of its own, so that the SDK
// needs none of them.
//
//	breaker := circuitbreaker.NewWithDefaults[string]()
//	ask := failsafe.Guard("guarded ask", workflow.Func("ask", ask), breaker)
//
// The outermost policy comes first. A policy keeps its state between runs, and
// can be shared by steps. For retries, timeouts, fallbacks and caches take those
// of package workflow, which show what they do as spans.
package failsafe
