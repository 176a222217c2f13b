// Package meter remembers the streams of data points that pass by, so that of running totals
// only what is new counts. It does for many streams, and over a restart, what package stream
// does for one.
//
//	point of stream a   total 40     baseline: it began before we looked
//	point of stream a   total 45     5 are new
//	── restart ──       what AppendAll wrote is given to Restore
//	point of stream a   total 61     16 are new: nothing of the gap is lost
//
// # Memory
//
// A Table holds at most as many streams as it was told. One stream takes some 200 bytes and
// its total: 8 bytes for a number, 16 a bucket of a histogram with explicit bounds, and 1 or 2
// for each bucket in use of an exponential one.
package meter
