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

// Stated returns the usage of the span whose amounts were read last, as it is said.
func (f *Facts) Stated() (s Stated) {
	if f.known&(usageFields|breakdown) == 0 {
		return s
	}
	var r Reading
	s.Usage, s.Breakdown = f.stated(&r), f.breakdown(&r)
	s.Total, _ = f.tokens(fieldTotal, &r)
	return s
}

func (f *Facts) breakdown(r *Reading) (b Breakdown) {
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
		*c.to, _ = f.tokens(c.field, r)
	}
	return b
}
