package stream

// Times are those of a data point, in unix nanoseconds.
type Times struct {
	Start int64 // when its producer began to count; 0 if not known
	End   int64 // up to when it counts
}

// began returns the start, 0 for one that cannot be: it lies after the end.
func (t Times) began() int64 {
	if t.Start > t.End {
		return 0
	}
	return t.Start
}

// Verdict says what a point came to.
type Verdict uint8

// The verdicts. The zero Verdict is Counted.
const (
	// Counted points yield what was counted since the point before.
	Counted Verdict = iota
	// Began points are the first of a producer that began to count after we began to
	// look: all of it is new.
	Began
	// Baseline points are the first of a producer that had begun before. They yield
	// nothing; the next one counts from there.
	Baseline
	// Duplicate points were told before.
	Duplicate
	// Disordered points are older than one that was told before and holds them.
	Disordered
	// Conflict points are below an earlier total of the same producer. They yield
	// nothing; the next one counts from there.
	Conflict
	// VerdictCount is the number of verdicts.
	VerdictCount
)

// Counts tells whether the point yields an increment, which may be nothing.
func (v Verdict) Counts() bool { return v == Counted || v == Began }

// String is the name of the verdict in lower case.
func (v Verdict) String() string {
	return [...]string{"counted", "began", "baseline", "duplicate", "disordered", "conflict", "unknown"}[min(v, VerdictCount)]
}

// Step is what a point came to.
type Step struct {
	Verdict Verdict
	// From is since when what the increment holds happened, in unix nanoseconds; it
	// reaches to the End of the point. 0 if not known.
	From int64
}
