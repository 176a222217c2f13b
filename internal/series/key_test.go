package series_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

func keyOf(values ...string) []byte {
	var key []byte
	for _, v := range values {
		key = series.AppendString(key, v)
	}
	return key
}

func TestKeyBytes(t *testing.T) {
	long := string(make([]byte, 200))
	for _, tc := range []struct {
		values []string
		want   string
	}{
		{nil, ""},
		{[]string{""}, "\x00"},
		{[]string{"a", "bc"}, "\x01a\x02bc"},
		{[]string{"ab", "c"}, "\x02ab\x01c"},
		{[]string{"\x01a", ""}, "\x02\x01a\x00"},
		{[]string{long}, "\xc8\x01" + long},
	} {
		key := keyOf(tc.values...)
		assert.Equal(t, tc.want, string(key))
		assert.Equal(t, tc.values, slices.Collect(series.Strings(key)))
	}
}

func TestNextRefusesWhatIsNoKey(t *testing.T) {
	for name, key := range map[string]string{
		"end":                    "",
		"length cut":             "\x80",
		"value cut":              "\x03ab",
		"length beyond an int":   "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a",
		"length beyond a uint64": "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a",
	} {
		t.Run(name, func(t *testing.T) {
			value, rest, ok := series.Next([]byte(key))
			assert.False(t, ok)
			assert.Nil(t, value)
			assert.Nil(t, rest)
		})
	}
}

func TestNextBorrows(t *testing.T) {
	key := keyOf("model", "gpt", "")
	value, rest, ok := series.Next(key)
	require.True(t, ok)
	assert.Same(t, &key[1], &value[0])
	assert.Equal(t, len(value), cap(value), "an append to a value must not overwrite the next one")
	assert.Equal(t, keyOf("gpt", ""), rest)

	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, rest, ok := series.Next(key); ok; _, rest, ok = series.Next(rest) {
			continue
		}
	}))
}

func TestStringsStopsWithItsReader(t *testing.T) {
	var got []string
	for s := range series.Strings(keyOf("a", "b", "c")) {
		got = append(got, s)
		if s == "b" {
			break
		}
	}
	assert.Equal(t, []string{"a", "b"}, got)
}

// FuzzKeyRoundTrip: what went in comes out, and two lists share a key only if they are the same list.
func FuzzKeyRoundTrip(f *testing.F) {
	f.Add("a", "bc", "ab", "c")
	f.Add("", "\x00", "\x00", "")
	f.Add("\x01a", "b", "\x01", "ab")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		one, two := keyOf(a, b), keyOf(c, d)
		require.Equal(t, []string{a, b}, slices.Collect(series.Strings(one)))
		require.Equal(t, a == c && b == d, string(one) == string(two))
		require.NotEqual(t, string(one), string(keyOf(a+b)), "two values are not one")
	})
}

// FuzzNext: any bytes end, without a panic, and a value is never longer than the bytes that hold it.
func FuzzNext(f *testing.F) {
	f.Add([]byte("\x01a\x02bc"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a"))
	f.Add([]byte{0x80, 0})
	f.Fuzz(func(t *testing.T, key []byte) {
		for {
			value, rest, ok := series.Next(key)
			if !ok {
				return
			}
			require.Less(t, len(value)+len(rest), len(key))
			require.Equal(t, string(key[len(key)-len(rest)-len(value):]), string(value)+string(rest))
			key = rest
		}
	})
}
