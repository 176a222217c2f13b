// Package pipeline tests our components one behind the other, in one process.
package pipeline
