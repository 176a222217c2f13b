// Package workflowmetrics is a connector that turns the spans of agent and AI
// workflows into metrics per workflow, step and call.
package workflowmetrics

//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml
