// Package worker is the one goroutine of a component that does something at every interval,
// and how it ends.
package worker
