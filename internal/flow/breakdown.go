package flow

// Breakdown is how many of the tokens of a call are of kinds which some models price apart:
// parts of Usage's CacheWrite, Input, CacheRead and Output. A part that the span does not
// state is 0, none is negative. It is a plain value: concurrent reads are safe.
type Breakdown struct {
	CacheWrite5m   int64 // kept for five minutes
	CacheWrite1h   int64 // kept for an hour
	InputAudio     int64
	InputImage     int64
	CacheReadAudio int64
	OutputAudio    int64
	OutputImage    int64
}

// breakdown is the set of fields of a Breakdown.
const breakdown = 1<<fieldCacheWrite5m | 1<<fieldCacheWrite1h | 1<<fieldInputAudio | 1<<fieldInputImage |
	1<<fieldCacheReadAudio | 1<<fieldOutputAudio | 1<<fieldOutputImage

// Stated is a usage as the span says it, before it is made inclusive.
// It is a plain value: concurrent reads are safe.
type Stated struct {
	Usage     Usage
	Breakdown Breakdown
	Total     int64 // all tokens, 0 if the span does not say
}

// Stated sets the usage of the span whose amounts were read last, as it is said. It returns
// false, and leaves s as it is, if the span states none.
func (f *Facts) Stated(s *Stated) bool {
	if f.known&(usageFields|breakdown) == 0 {
		return false
	}
	var faults Faults // told already
	f.stated(&s.Usage, &faults)
	s.Breakdown = f.breakdown(&faults)
	s.Total, _ = f.tokens(fieldTotal, &faults)
	return s.Usage.Known != 0 || *s != Stated{}
}

func (f *Facts) breakdown(faults *Faults) (b Breakdown) {
	if f.known&breakdown == 0 {
		return b
	}
	for _, c := range [...]struct {
		field field
		to    *int64
	}{
		{fieldCacheWrite5m, &b.CacheWrite5m},
		{fieldCacheWrite1h, &b.CacheWrite1h},
		{fieldInputAudio, &b.InputAudio},
		{fieldInputImage, &b.InputImage},
		{fieldCacheReadAudio, &b.CacheReadAudio},
		{fieldOutputAudio, &b.OutputAudio},
		{fieldOutputImage, &b.OutputImage},
	} {
		*c.to, _ = f.tokens(c.field, faults)
	}
	return b
}
