// Package exphist is the base-2 exponential histogram of the OpenTelemetry
// metrics data model: counts of values in buckets whose bounds are powers of
// base = 2^(2^-scale), so that the relative error is the same at every
// magnitude and any two histograms can be merged exactly.
//
// Bucket i holds the values in (base^i, base^(i+1)]: the upper bound belongs to
// the bucket. At scale 1 (base = √2):
//
//	index     -2        -1         0         1         2         3
//	      (   ·   ](    ·    ](    ·    ](    ·    ](    ·    ](    ·    ]
//	bound 0.5     0.707      1        1.414      2        2.828      4
//
//	Add(1) → bucket -1      Add(1.2) → bucket 0      Add(4) → bucket 3
//
// Zeros have a count of their own. Negative values live in a second range,
// indexed by magnitude. Each range has at most max size buckets; a value that
// does not fit lowers the scale by one, which halves the number of buckets, as
// often as it takes. Lowering is exact, because bucket i at one scale is bucket
// i>>1 at the next lower one:
//
//	scale 1  index  -2 -1   0  1   2  3      counts  1 2 3 4 5 6
//	scale 0  index    -1      0      1       counts   3   7  11
//
// Consequently the scale depends only on the extremes recorded and not on their
// order, and merging the parts gives what recording the whole would have.
//
// # Accuracy
//
// A quantile is in the same bucket as the value of its rank. Its relative error
// is therefore below base-1, whatever the distribution:
//
//	scale   base       error below   160 buckets surely reach from x to
//	   20   1.0000007  0.000066 %    1.0001 x
//	   10   1.00068    0.068 %       1.11 x
//	    7   1.0054     0.54 %        2.4 x
//	    6   1.0109     1.1 %         5.6 x
//	    5   1.0219     2.2 %         31 x
//	    4   1.0443     4.4 %         980 x             (10 ms to 9.8 s)
//	    3   1.0905     9.1 %         9.6e5 x           (1 ms to 16 min)
//	    2   1.1892     19 %          9.2e11 x
//	    1   1.4142     41 %          8.5e23 x
//	    0   2          100 %         7.3e47 x
//
// That is base^159: unless the values happen to start on a bound, they take part
// of a bucket at either end.
//
// # Memory
//
// A range holds the buckets between its lowest and its highest, 8 bytes each,
// in an array that doubles up to max size: at most 2 × 8 × max size bytes and a
// fixed header, 1.4 KB for positive values at the default max size.
// [Histogram.SizeBytes] tells the actual figure. A [Packed] histogram takes about a
// byte a bucket, and a few for all empty ones in a row.
package exphist
