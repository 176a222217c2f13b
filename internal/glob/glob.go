// Package glob matches names with patterns that people write into configurations.
package glob

import "strings"

// Match tells whether a name matches a pattern in which * stands for any bytes, or none, /
// included, and ? for any one byte:
//
//	workflow.*           workflow.run.duration
//	workflow.*.duration  workflow.run.duration, workflow.step.duration
//	gpt-4?-mini          gpt-4o-mini
//
// It goes back to the last * only, so that no pattern takes longer than the product of the
// two lengths.
func Match(pattern, name string) bool {
	p, n := 0, 0
	star, resume := -1, 0 // the last * met, and where in the name what follows it is tried next
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
