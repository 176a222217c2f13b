// Package binhist is the histogram with explicit bucket bounds of the OpenTelemetry
// metrics data model: bucket i holds the values in (bound i-1, bound i], the last
// one all above the last bound. With the bounds 0.1, 0.5 and 1:
//
//	bucket      0            1           2          3
//	        (-∞, 0.1]   (0.1, 0.5]   (0.5, 1]    (1, ∞)
//	counts      2            1           0          1       of 0.05 0.1 0.3 7
//
// Histograms with different bounds are merged, and taken out of each other, at the
// bounds that both have. That loses width, never a count, and is the same in any
// order:
//
//	bounds  0.1  0.5  1       counts  2 1 0 1
//	bounds       0.5  1  5    counts    4 2 0 1
//	both         0.5  1       counts    7 2 2
//
// # Accuracy
//
// A quantile is in the same bucket as the value of its rank, and no better than that:
// the bounds decide. In the first and the last bucket, which reach to infinity, it is
// bounded by the minimum and the maximum if they are known, see [Histogram.Bracket].
package binhist
