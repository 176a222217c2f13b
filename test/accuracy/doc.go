// Package accuracy measures how far the quantiles of the whole path, from spans through
// workflow_metrics and percentile to gauges, are from those of the raw data, beside what
// span_metrics and the transform processor make of the same spans and what a list of the
// last 1000 samples says. The table in the README of the percentile processor is written
// by
//
//	go test ./test/accuracy -run TestTable -update
package accuracy
