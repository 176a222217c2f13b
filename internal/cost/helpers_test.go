package cost

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newCatalog compiles settings that are right.
func newCatalog(t testing.TB, s Settings) *Catalog {
	t.Helper()
	c, _, err := New(s)
	require.NoError(t, err)
	return c
}

func builtin(t testing.TB) *Catalog {
	t.Helper()
	return newCatalog(t, Settings{Builtin: true})
}

// file is a price file in our own form, of the given list of prices.
func file(prices string) []File {
	return []File{{Path: "dir/own.json", Data: []byte(`{"source": "own", "version": "7", "prices": [` + prices + `]}`)}}
}

// instant parses 2026-09-30 or 2026-09-30 16:30.
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	layout := time.DateOnly
	if len(text) > len(layout) {
		layout = "2006-01-02 15:04"
	}
	at, err := time.Parse(layout, text)
	require.NoError(t, err)
	return at
}

func ptr[T any](x T) *T { return &x }

// mtok are prices of a million tokens: input, output.
func mtok(input, output float64) map[string]float64 {
	return map[string]float64{"input_mtok": input, "output_mtok": output}
}
