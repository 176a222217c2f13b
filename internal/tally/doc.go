// Package tally turns readings of spans into the series of the workflow metrics.
//
// A batch is folded in two steps, so that a series which many spans of a batch
// share is looked up and locked once a batch instead of once a span:
//
//	spans of a batch          rows of the batch                series (shared, sharded)
//	run_step plan  120 ms ┐
//	run_step plan  130 ms ┼─► steps{plan,success}  3 ──► steps   {plan,success}  1041 + 3
//	run_step plan  110 ms ┘                        └───► duration{plan,success}  + 120, 130, 110 ms
//	chat gpt-4o    900 ms ──► calls{chat,gpt-4o}   1 ──► calls   {chat,gpt-4o}   …
//
// The rows live in a [Batch], reusable scratch that one goroutine owns; the
// series live in a [Ledger], which many goroutines may use at once.
package tally
