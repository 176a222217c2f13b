// Package percentileprocessor is a processor that adds quantile gauges over sliding
// windows of time to the histograms that pass.
package percentileprocessor

//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml
