package form

import (
	"fmt"
	"slices"
	"strings"
)

// Positive is a setting that is a whole number of at least 1. It is a plain value.
type Positive int

// Takes tells whether a value is a whole number.
func (Positive) Takes(raw any) bool { return IsWhole(raw) }

// Wanted says what such a number looks like.
func (Positive) Wanted() string { return "a whole number such as 1000" }

// Validate refuses numbers below 1.
func (p Positive) Validate() error {
	if p < 1 {
		return fmt.Errorf("must be at least 1 (got %d)", int(p))
	}
	return nil
}

// OneOf refuses a word that is none of those given, of which there are two at least.
func OneOf[T ~string](got T, words ...T) error {
	if slices.Contains(words, got) {
		return nil
	}
	names := make([]string, len(words))
	for i, word := range words {
		names[i] = string(word)
	}
	last := len(names) - 1
	return fmt.Errorf("must be %s or %s (got %q)", strings.Join(names[:last], ", "), names[last], string(got))
}
