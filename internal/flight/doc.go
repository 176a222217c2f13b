// Package flight keeps what must be remembered of traces between batches: whose
// workflow a trace is, what is pending in it, what it has cost, and which runs
// have begun and not ended.
//
// A span is exported when it ends, so children come before their parents and a
// run is known by its parts before it is known itself:
//
//	t = 0 s   chat C arrives          trace opens, in flight
//	t = 2 s   marker arrives          names the workflow of the trace
//	t = 9 s   run R arrives           root seen: no longer in flight
//	t = 9+w   nothing more came       the run's cost is settled
//	t = 9+i   idle                    the trace is forgotten
//
// w is [Options.Wait], i is [Options.Idle]. A trace that goes silent without its
// root leaves the runs in flight after the idle time.
package flight
