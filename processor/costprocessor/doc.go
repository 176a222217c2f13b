// Package costprocessor is a processor that writes on spans what calls of models, tools and
// machines cost, and what they did not cost.
package costprocessor

//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml
