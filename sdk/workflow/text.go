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

// brief makes the text of an error valid and at most maxText bytes long. It
// cuts before, to spare the work, and after, as a replacement takes 3 bytes.
func brief(text string) string { return cut(valid(cut(text))) }

// cut shortens text to maxText bytes, or up to 3 less than would split a rune:
//
//	byte   … 1022 1023 | 1024
//	text   …  'a' ── '€' ──    cut before '€', 1023 bytes are left
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
