// Command demo shows the distribution at work, for `make demo`: it builds the
// collector and the example, runs both, and prints what the collector counted.
//
//	support-agent ──OTLP──► collector (preset:standalone) ──/metrics──► demo: table
//	      └───── report.json: what was sent ──────────────────────────►  demo: check
//
// It ends both programs whatever happens, and whatever goes wrong is one line.
package main
