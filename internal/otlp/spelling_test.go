package otlp

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A spelling is its own name and no other, whichever byte differs.
func TestASpellingIsOneName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "text")
		s := spell(string(text))
		is := s.is
		if len(text) > 0 && len(text) < 8 {
			require.True(t, s.is(string(text)))
			is = s.brief
		}
		require.True(t, is(string(text)))
		require.False(t, is(string(text)+"x"))
		require.False(t, s.brief(""))
		for i := range text {
			other := []byte(string(text))
			other[i] ^= rapid.ByteRange(1, 255).Draw(t, "change")
			require.False(t, is(string(other)), "byte %d", i)
			require.False(t, is(string(text[:i])), "%d bytes", i)
		}
	})
}
