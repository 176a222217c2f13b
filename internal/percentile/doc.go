// Package percentile keeps the quantiles of histograms over sliding windows of time.
//
// A [Board] takes in points of metric streams and hands out estimates. Between the two
// lie two tables: of the streams, whose running totals become increments, and of the
// groups that the rules put streams into, each with its windows:
//
//	points ──► stream: success ──► increment ─┐
//	points ──► stream: error   ──► increment ─┼─► group: workflow.name=support
//	points ──► stream: timeout ──► increment ─┘     1m  ▂▁▃▂▁▂▂▃▁▂▁ ──► p50 p90 p95 p99
//	                                                5m  ▅▇▃▅▆▅▇▅▃▅▂ ──► p50 p90 p95 p99
//
// What a stream and a group are is for the caller to say, by the bytes of their keys.
//
// # Which points count
//
// See package stream for what a point of a running total comes to, and package window
// for the time. A window takes an increment at the end of the time it was counted in,
// unless that took longer than the window is: then too much of it is older. An increment
// that is older than the window is late for it.
//
// # Bound
//
// Both tables hold at most Options.MaxSeries. A group past that, or with a key above
// [MaxKey], is folded into an overflow group, of which there are at most [MaxFolded]; a
// stream past that cannot be decoded, unless its points are increments already.
package percentile
