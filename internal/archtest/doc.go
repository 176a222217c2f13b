// Package archtest holds the import rules of this repository, as a test.
//
// Imports point inward:
//
//	cmd, test ──► connector/* processor/* provider/* ──► internal/otlp ──► the domain
//	                       (never each other)
//
//	tally ──► flow series exphist flight          sdk/ ──✗── the root module
//	flight ──► flow series                        (neither imports the other: two modules,
//	flow exphist cost slo ──► series               two release cycles)
//	budgets ──► slo wire     meter ──► stream exphist binhist wire
//
// The domain is all of these, journal and semconv. It knows the standard library, semconv (names,
// nothing but constants) and the neighbours above; its tests may use test libraries as well, but no file of it knows OpenTelemetry.
// And no package is called util, common or helpers: a package is named for its one noun.
//
// The test reads files with go/parser: one that ran "go list" would be answered from the test cache after
// a forbidden import was added.
package archtest
