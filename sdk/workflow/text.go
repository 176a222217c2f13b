package workflow

import (
	"strings"
	"unicode/utf8"
)

// maxText is the longest text of an error on a span, in bytes.
const maxText = 1 << 10

// valid replaces what is not UTF-8 in a text: a single such text makes an
// exporter give up the whole batch that the span is in.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// brief makes the text of an error valid and at most maxText bytes long.
func brief(text string) string { return clip(text, maxText) }

// clip makes a text valid and at most limit bytes long. It cuts before, to spare
// the work, and after, as a replacement takes 3 bytes.
func clip(text string, limit int) string { return cut(valid(cut(text, limit)), limit) }

// cut shortens text to limit bytes, or up to 3 less than would split a rune:
//
//	byte   … 1022 1023 | 1024
//	text   …  'a' ── '€' ──    cut before '€', 1023 bytes are left
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
