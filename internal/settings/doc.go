// Package settings compares what a user wrote in a configuration with the Go type that it
// is meant for, before the Collector decodes it: its decoder names Go types and does not
// show the value.
//
// What is right is put into the one form that decodes: a scalar becomes the text that it
// was written as, and a section in its short form becomes a section:
//
//	objective: 0.99        →  objective: "0.99"
//	window: 30d            →  window: {rolling: "30d"}
//	from: 2026-12-24       →  from: "2026-12-24T00:00:00Z"
package settings
