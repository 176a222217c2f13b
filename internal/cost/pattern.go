package cost

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/glob"
)

// pattern says which names of models are meant. Names come in lower case.
type pattern struct {
	kind  patternKind
	text  string // in lower case
	regex *regexp.Regexp
	all   []pattern // of and, or, not
}

type patternKind uint8

// The kinds; of overrides, the first of those that match wins.
const (
	patternEquals patternKind = iota
	patternPrefix
	patternGlob
	patternRegex
	patternSuffix
	patternContains
	patternAnd
	patternOr
	patternNot
)

func (p *pattern) matches(name string) bool {
	switch p.kind {
	case patternEquals:
		return name == p.text
	case patternPrefix:
		return strings.HasPrefix(name, p.text)
	case patternSuffix:
		return strings.HasSuffix(name, p.text)
	case patternContains:
		return strings.Contains(name, p.text)
	case patternGlob:
		return glob.Match(p.text, name)
	case patternRegex:
		return p.regex != nil && p.regex.MatchString(name) // nil where it did not compile: what follows is checked too
	case patternNot:
		return !p.all[0].matches(name)
	case patternAnd:
		for i := range p.all {
			if !p.all[i].matches(name) {
				return false
			}
		}
		return true
	case patternOr:
		for i := range p.all {
			if p.all[i].matches(name) {
				return true
			}
		}
	}
	return false
}

// eachEqual calls f with every name that the pattern equals as a whole or as one of several.
func (p *pattern) eachEqual(f func(name string)) {
	switch p.kind {
	case patternEquals:
		f(p.text)
	case patternOr:
		for i := range p.all {
			p.all[i].eachEqual(f)
		}
	default:
	}
}

// compileRegex compiles an RE2 expression and explains what RE2 lacks.
func compileRegex(expr string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(expr)
	if err == nil {
		return re, nil
	}
	if strings.Contains(expr, "(?=") || strings.Contains(expr, "(?!") || strings.Contains(expr, "(?<") {
		return nil, fmt.Errorf("%w (RE2 has no lookahead)", err)
	}
	return nil, err
}

var errOneMatcher = errors.New("exactly one of equals, prefix, glob, regex is required")

// compile turns what was written into a pattern. The path of the field that is wrong is returned with the
// error: "" is the whole.
func (m *ModelMatch) compile() (p pattern, field string, err error) {
	set := 0
	for _, f := range [...]struct {
		name, text string
		kind       patternKind
	}{
		{"equals", m.Equals, patternEquals},
		{"prefix", m.Prefix, patternPrefix},
		{"glob", m.Glob, patternGlob},
		{"regex", m.Regex, patternRegex},
	} {
		if f.text == "" {
			continue
		}
		set++
		p.kind, p.text, field = f.kind, strings.ToLower(f.text), f.name
	}
	if set != 1 {
		return pattern{}, "", errOneMatcher
	}
	if strings.TrimSpace(p.text) != p.text {
		return pattern{}, field, errors.New("must not be empty or have leading/trailing whitespace")
	}
	if p.kind == patternRegex {
		p.text = m.Regex
		p.regex, err = compileRegex("(?i)" + m.Regex)
	}
	return p, field, err
}
