package cost

import (
	"regexp"
	"strings"
)

// compilePattern compiles an expression of genai-prices, which may begin with negative lookaheads. RE2 has none,
// so they become patterns of their own:
//
//	^(?![^/]+/)(?:labs-)?mistral   →   not ^(?:[^/]+/), and ^(?:labs-)?mistral
//	^(?!.*-tts)                    →   not ^(?:.*-tts), and ^
func compilePattern(expr string) (pattern, error) {
	var all []pattern
	for {
		ahead, rest, ok := cutLookahead(expr)
		if !ok {
			break
		}
		not, err := regexp.Compile("^(?:" + ahead + ")")
		if err != nil {
			return pattern{}, err
		}
		inner := pattern{kind: patternRegex, text: ahead, regex: not}
		all = append(all, pattern{kind: patternNot, all: []pattern{inner}})
		expr = "^" + rest
	}
	re, err := compileRegex(expr)
	if err != nil {
		return pattern{}, err
	}
	last := pattern{kind: patternRegex, text: expr, regex: re}
	if all == nil {
		return last, nil
	}
	return pattern{kind: patternAnd, all: append(all, last)}, nil
}

// cutLookahead splits ^(?!ahead)rest.
func cutLookahead(expr string) (ahead, rest string, ok bool) {
	expr, ok = strings.CutPrefix(expr, "^(?!")
	if !ok {
		return "", "", false
	}
	end := closing(expr)
	if end < 0 {
		return "", "", false
	}
	return expr[:end], expr[end+1:], true
}

// closing finds the parenthesis that closes one opened before the text, or -1.
func closing(text string) int {
	depth, class := 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
