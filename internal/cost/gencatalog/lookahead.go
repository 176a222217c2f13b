package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// rewrite replaces the clauses of patterns that RE2 cannot express, wherever they stand.
func rewrite(value any) (any, error) {
	var errs []error
	switch v := value.(type) {
	case []any:
		for i := range v {
			var err error
			v[i], err = rewrite(v[i])
			errs = append(errs, err)
		}
	case map[string]any:
		if expr, ok := v["regex"].(string); ok && len(v) == 1 {
			return clause(expr)
		}
		for key := range v {
			var err error
			v[key], err = rewrite(v[key])
			errs = append(errs, err)
		}
	}
	return value, errors.Join(errs...)
}

// clause writes an expression as a clause, and one that begins with a negative lookahead as two:
//
//	^(?![^/]+/)(?:labs-)?mistral   →   and: [not: ^(?:[^/]+/), ^(?:labs-)?mistral]
//	^(?!.*-tts)                    →   not: ^(?:.*-tts)
func clause(expr string) (any, error) {
	const ahead = "^(?!"
	if _, err := regexp.Compile(expr); err == nil {
		return map[string]any{"regex": expr}, nil
	}
	rest, ok := strings.CutPrefix(expr, ahead)
	if !ok {
		return nil, fmt.Errorf("no RE2 for %q", expr)
	}
	end := closing(rest)
	if end < 0 {
		return nil, fmt.Errorf("no RE2 for %q", expr)
	}
	not := map[string]any{"not": map[string]any{"regex": "^(?:" + rest[:end] + ")"}}
	tail := rest[end+1:]
	if tail == "" {
		return not, nil
	}
	then, err := clause("^" + tail)
	return map[string]any{"and": []any{not, then}}, err
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
