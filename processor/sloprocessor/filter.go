package sloprocessor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// condition is what one attribute must be.
type condition struct {
	attribute string
	values    []string // one of these, in order
	not       bool     // none of these; to lack the attribute will do
}

// filter is a list of conditions, all of which must hold, in the order of their attributes.
type filter []condition

// compile reads a filter. The error is about the value of an attribute.
//
//	{workflow.outcome: success}          is success
//	{workflow.outcome: [error, timeout]} is one of them
//	{workflow.outcome: "!cancelled"}     is another, or there is none
func (f Filter) compile() (filter, error) {
	out := make(filter, 0, len(f))
	for _, name := range slices.Sorted(maps.Keys(f)) {
		c, err := conditionOf(name, f[name])
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func conditionOf(name string, raw any) (condition, error) {
	c := condition{attribute: name}
	list, ok := raw.([]any)
	if !ok {
		list = []any{raw}
	}
	negated := 0
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return c, fmt.Errorf("%s must be a value or a list of them (got %v)", name, raw)
		}
		value, not := strings.CutPrefix(s, "!")
		if not {
			negated++
		}
		c.values = append(c.values, value)
	}
	if len(list) == 0 {
		return c, fmt.Errorf("%s has no value", name)
	}
	if negated != 0 && negated != len(list) {
		return c, fmt.Errorf("%s mixes values with and without !: use one or the other", name)
	}
	c.not = negated > 0
	slices.Sort(c.values)
	c.values = slices.Compact(c.values)
	return c, nil
}

// holds tells whether all conditions hold for what find says of the attributes.
func (f filter) holds(find finder) bool {
	for i := range f {
		value, ok := find(f[i].attribute)
		_, among := slices.BinarySearch(f[i].values, value)
		if (ok && among) == f[i].not {
			return false
		}
	}
	return true
}

// within tells whether all points that the other filter chooses are chosen by this one too.
func (f filter) within(other filter) bool {
	for _, c := range f {
		if !slices.ContainsFunc(other, c.equal) {
			return false
		}
	}
	return true
}

func (c condition) equal(o condition) bool {
	return c.attribute == o.attribute && c.not == o.not && slices.Equal(c.values, o.values)
}

// String writes the filter in the one way that means the same.
func (f filter) String() string {
	var b strings.Builder
	for _, c := range f {
		fmt.Fprintf(&b, "%q%v%q ", c.attribute, c.not, c.values)
	}
	return b.String()
}
