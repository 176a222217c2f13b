// Package metric is the one source of all metrics that the components send on: they write
// them from its tables, and docs/metrics.md is made of the same tables.
//
//	metric.Runs ──► tally, otlp.Writer ──► workflow.runs{workflow.outcome, error.type}
//	      └───────► gendocs ────────────► | `workflow.runs` | `workflow_runs_total` | …
package metric

//go:generate go run ../gendocs -root ../..
