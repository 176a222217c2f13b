package wire_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, i, text := rapid.Uint64().Draw(t, "uint"), rapid.Int64().Draw(t, "int"), rapid.String().Draw(t, "text")
		f := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.Uint32(), func(n uint32) float64 { return float64(n) })).Draw(t, "float")
		data := wire.AppendText(wire.AppendFloat(wire.AppendInt(wire.AppendUint(nil, u), i), f), text)
		data = append(data, "end"...)
		r := wire.NewReader(data)
		require.Equal(t, u, r.Uint())
		require.Equal(t, i, r.Int())
		require.Equal(t, math.Float64bits(f), math.Float64bits(r.Float()))
		require.Equal(t, text, string(r.Bytes()))
		require.True(t, r.More())
		require.Equal(t, "end", string(r.Fixed(3)))
		require.False(t, r.More())
		require.NoError(t, r.Err())
	})
}

func TestFloatsThatCountAreShort(t *testing.T) {
	for v, size := range map[float64]int{0: 1, 63: 1, 64: 2, 1<<53 - 1: 8, 1 << 53: 9, 0.5: 9, -1: 9, math.Copysign(0, -1): 9, math.Inf(1): 9} {
		assert.Len(t, wire.AppendFloat(nil, v), size, "%v", v)
	}
}

func TestDamageIsAnErrorAndZeros(t *testing.T) {
	for name, read := range map[string]func(r *wire.Reader) any{
		"uint":  func(r *wire.Reader) any { return r.Uint() },
		"int":   func(r *wire.Reader) any { return r.Int() },
		"float": func(r *wire.Reader) any { return r.Float() },
		"bytes": func(r *wire.Reader) any { return r.Bytes() },
		"fixed": func(r *wire.Reader) any { return r.Fixed(4) },
		"len":   func(r *wire.Reader) any { return r.Len(3) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, data := range [][]byte{{0xff}, {0x81}, nil} {
				r := wire.NewReader(data)
				assert.Empty(t, read(r))
				require.Error(t, r.Err())
				assert.False(t, r.More())
			}
		})
	}
	r := wire.NewReader([]byte{3, 1, 2, 3, 4, 5, 6, 7, 8})
	assert.Zero(t, r.Len(3), "three of three bytes each are more than eight")
	require.ErrorContains(t, r.Err(), "cannot be 3 more in 8 bytes")
	r.Fail(errors.New("later"))
	require.ErrorContains(t, r.Err(), "cannot be", "the first error stays")

	r = wire.NewReader([]byte{1, 2})
	assert.Zero(t, r.Float(), "a float64 without its bytes")
	assert.Error(t, r.Err())
}
