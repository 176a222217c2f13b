// Package stream turns the data points of a metric stream into increments: what
// was counted between one point and the next.
//
// A [Cumulative] decodes running totals: of numbers ([NewNumber]), of exponential
// and explicit histograms ([NewExponential], [NewExplicit]) or of anything else that
// can be taken out of a later total of its kind ([Total]). A [Delta] decodes points that are increments already. Both are asked about one point at a
// time and answer with a [Step]: whether it counts, and since when what it counts
// happened.
//
//	sums := stream.NewCumulative(stream.NewNumber)
//	v := 17.0
//	step := sums.Observe(stream.Times{Start: began, End: now}, since, &v)
//	if step.Verdict.Counts() {
//		// v has become the increment of (step.From, now]
//	}
//
// # Producers
//
// Points of one stream may come from several producers: two gateways that do not
// name themselves, or one process and the one that replaces it. They are told
// apart by the time at which each began to count, so that totals of different
// producers are never compared:
//
//	start  end  total     since = 0:05
//	0:00   0:10    40     Baseline   began before we looked: how much of it is new, nobody knows
//	0:00   0:20    45     Counted    5 in (0:10, 0:20]
//	0:21   0:30     3     Began      3 in (0:21, 0:30]: a restart, or one more producer
//	0:00   0:30    49     Counted    4 in (0:20, 0:30]
//	0:00   0:20    45     Disordered the later total holds it already
//	0:21   0:30     3     Duplicate
//	0:21   0:40     2     Conflict   a total that falls without a new start: compared from here on
//
// Where the start is not known (0) a total that falls is a restart, and all of it
// is new ([Began]); two such producers cannot be told apart.
//
// # Memory
//
// A Cumulative remembers at most [MaxProducers] producers. One that was silent for
// [Silence] is forgotten when another begins, and starts from a baseline should it
// come back. A Delta remembers the times of the last [MaxRecent] points.
package stream
