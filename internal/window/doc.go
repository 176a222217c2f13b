// Package window keeps what happened lately: a sliding window of time that is cut into
// sub-windows, so that what is too old can go while the rest stays.
//
// A window of 5 minutes has sub-windows of 30 s, which are whole multiples of that
// since 1970. It holds the one that now falls into and the ten before:
//
//	           ┌──────┬──────┬── … ──┬──────┬──────┬──────┬──·   ·
//	12:00:00 … │12:01 │12:01½│       │12:05 │12:05½│12:06 │ now 12:06:10
//	           └──────┴──────┴── … ──┴──────┴──────┴──────┴──·   ·
//	           └─────── ten whole sub-windows ──────┘ └ the current one
//
// What it covers is therefore never less than 5 minutes and never as much as 5½. When
// now reaches 12:06:30 the first one is cleared and becomes the current one.
//
// # Time
//
// A [Clock] tells the time of a window: that of the data, so that recorded data fills
// windows as it did when it was new, and that of the wall while no data comes, so that
// windows drain.
package window
