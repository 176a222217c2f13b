package slo

import (
	"cmp"
	"fmt"
	"slices"
)

// stretch is a span in nanoseconds since 1970.
type stretch struct{ from, to int64 }

func (s Span) stretch() stretch { return stretch{s.Start.UnixNano(), s.End.UnixNano()} }

func (s stretch) contains(at int64) bool { return at >= s.from && at < s.to }

func (s stretch) meets(o stretch) bool { return s.from < o.to && o.from < s.to }

// whole returns the numbers of the cells that lie within the stretch: from first up to end.
func (s stretch) whole(width int64) (first, end int64) {
	return (s.from + width - 1) / width, s.to / width
}

// union sorts exclusions and joins those that overlap.
func union(exclusions []Exclusion) (all []stretch) {
	sorted := slices.SortedFunc(slices.Values(exclusions), func(a, b Exclusion) int {
		return cmp.Compare(a.Start.UnixNano(), b.Start.UnixNano())
	})
	for _, e := range sorted {
		s := e.stretch()
		if n := len(all); n > 0 && s.from <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, s.to)
			continue
		}
		all = append(all, s)
	}
	return all
}

func checkExclusions(exclusions []Exclusion) error {
	for i, e := range exclusions {
		if !e.End.After(e.Start) || e.Start.Unix() < 0 {
			return &PlanError{fmt.Sprintf("exclusions[%d]", i), "ends before it begins"}
		}
	}
	return nil
}

// excluded reports whether a time is excluded.
func (p *Plan) excluded(at int64) bool {
	return slices.ContainsFunc(p.exclusions, func(s stretch) bool { return s.contains(at) })
}

// meetsExclusion reports whether some of a stretch is excluded.
func (p *Plan) meetsExclusion(s stretch) bool {
	return slices.ContainsFunc(p.exclusions, s.meets)
}
