package workflow

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBrief(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, tc := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"short", "no luck", "no luck"},
		{"not UTF-8", "bad reply: \xff\xfe.", "bad reply: \uFFFD."},
		{"as long as may be", x(maxText), x(maxText)},
		{"a byte longer", x(maxText + 1), x(maxText)},
		{"megabytes", x(5 << 20), x(maxText)},
		{"a rune ends at the limit", x(maxText-3) + "€€", x(maxText-3) + "€"},
		{"a rune lies across the limit", x(maxText-1) + "€", x(maxText - 1)},
		{"a rune of 4 bytes lies across the limit", x(maxText-3) + "😀", x(maxText - 3)},
		{"every second byte is none", strings.Repeat("x\xff", maxText), strings.Repeat("x\uFFFD", maxText/4)},
		{"no rune starts anywhere", strings.Repeat("\x80", maxText+1), "\uFFFD"},
	} {
		if got := brief(tc.text); got != tc.want {
			t.Errorf("%s: %d bytes %q, want %d bytes", tc.name, len(got), got, len(tc.want))
		}
	}
}

// What is left is valid and short, and nothing is lost of what already was.
func FuzzBrief(f *testing.F) {
	for _, seed := range []string{"", "no luck", "\xff\xfe", "€", "a\xffb\xc3", "😀\x80"} {
		f.Add(seed, uint16(1))
		f.Add(seed, uint16(400))
	}
	f.Fuzz(func(t *testing.T, unit string, times uint16) {
		text := strings.Repeat(unit, int(times%(2*maxText)))
		got := brief(text)
		if !utf8.ValidString(got) || len(got) > maxText {
			t.Errorf("%d bytes, valid %t", len(got), utf8.ValidString(got))
		}
		if !utf8.ValidString(text) {
			return
		}
		if !strings.HasPrefix(text, got) || len(got) < min(len(text), maxText-utf8.UTFMax+1) {
			t.Errorf("%d of %d bytes are left", len(got), len(text))
		}
	})
}
