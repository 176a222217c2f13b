package cost

import (
	"math"
	"strings"
)

// Normalise brings a usage to the inclusive form and cuts what cannot be: parts larger than the whole, counts
// below 0. It stops at the first that tells:
//
//  1. the Convention;
//  2. the total: 100 = 10 in + 70 read + 10 written + 10 out says that the cache is outside of the input;
//  3. a cache larger than the input, unless the provider is Google, whose cached count may exceed its
//     prompt by a few per cent;
//  4. nothing: inclusive is assumed.
//
// Reasoning is outside of the output if the Convention or the total say so, or if it is larger than the output.
func (s *Said) Normalise() (n Normal) {
	n.Semantics, n.Reason = s.NormaliseTo(&n.Usage)
	return n
}

// NormaliseTo is Normalise for a usage that exists: u, which is overwritten.
func (s *Said) NormaliseTo(u *Usage) (how Semantics, mended Reason) {
	*u = s.Usage
	counted, sound := u.counted()
	if sound && counted&joined == 0 {
		return SemanticsInclusive, ReasonNone
	}
	if !sound {
		u.dropBad()
		mended = ReasonBadUsage
	}
	said := *u
	how = s.semantics(&said)
	if how == SemanticsExclusive {
		u[Input] += said[CacheRead] + said[CacheWrite]
	}
	if s.reasoningOutside(&said, u[Input]) {
		u[Output] += said[OutputReasoning]
	}
	if u.cut() && mended == ReasonNone {
		mended = ReasonInconsistentUsage
	}
	return how, mended
}

// joined are the units that are part of another: what has none of them needs no care.
var joined = func() (all unitSet) {
	for _, s := range shares {
		all |= setOf(s.parts...)
	}
	return all
}()

func (s *Said) semantics(u *Usage) Semantics {
	cache := u[CacheRead] + u[CacheWrite]
	whole := u[Input] + cache + u[Output]
	switch {
	case cache == 0 || s.Convention.Cache == Inside:
		return SemanticsInclusive
	case s.Convention.Cache == Outside,
		s.Total == whole || u[OutputReasoning] > 0 && s.Total == whole+u[OutputReasoning],
		cache > u[Input] && !strings.HasPrefix(s.Provider, "gcp."):
		return SemanticsExclusive
	}
	return SemanticsAssumed
}

func (s *Said) reasoningOutside(u *Usage, input float64) bool {
	reasoning := u[OutputReasoning]
	switch {
	case reasoning == 0 || s.Convention.Reasoning == Inside:
		return false
	case s.Convention.Reasoning == Outside:
		return true
	}
	return s.Total == input+u[Output]+reasoning || reasoning > u[Output]
}

// dropBad makes counts 0 that are negative or not finite.
func (u *Usage) dropBad() {
	for i, n := range u {
		if !sound(n) {
			u[i] = 0
		}
	}
}

func sound(n float64) bool { return n >= 0 && n <= math.MaxFloat64 }

// shares lists what must fit into what, in the order in which it is cut: what comes first keeps its count.
var shares = []struct {
	whole Unit
	parts []Unit
}{
	{Input, []Unit{CacheRead, CacheWrite}},
	{Input, []Unit{InputAudio, InputImage, InputVideo}},
	{CacheRead, []Unit{CacheReadAudio, CacheReadImage}},
	{InputAudio, []Unit{CacheReadAudio}},
	{InputImage, []Unit{CacheReadImage}},
	{CacheWrite, []Unit{CacheWrite1h}},
	{Output, []Unit{OutputReasoning}},
	{Output, []Unit{OutputCitation}},
	{Output, []Unit{OutputAudio, OutputImage, OutputVideo}},
	{DocumentPages, []Unit{AnnotatedPages}},
}

// cut makes the parts fit into the whole and says whether they did not.
func (u *Usage) cut() (found bool) {
	for _, s := range shares {
		room := u[s.whole]
		for _, part := range s.parts {
			if u[part] > room {
				u[part], found = room, true
			}
			room -= u[part]
		}
	}
	return found
}
