// Command primitives runs workflows that are grown at random from all primitives
// of the SDK, and one that is behind a circuit breaker, and keeps books of what
// every metric must be.
//
//	invoke_workflow mixed-3
//	└─ run_step retry-2
//	   ├─ attempt retry-2
//	   │  └─ run_step saga-5 …
//	   └─ attempt retry-2
//	      └─ run_step saga-5 …
//
// The books are kept by meters between the primitives. They see what each step
// was given and returned and know nothing of spans, so that the books can be
// held against what the collector makes of the spans.
package main
