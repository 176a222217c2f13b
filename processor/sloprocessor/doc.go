// Package sloprocessor is a processor that keeps service level objectives over the metrics
// that pass through it: how much of the error budget is left, how fast it burns, and which
// alerts are due.
package sloprocessor

//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml
