package cost

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newCatalog compiles settings that are right.
func newCatalog(tb testing.TB, s Settings) *Catalog {
	tb.Helper()
	c, _, err := New(s)
	require.NoError(tb, err)
	return c
}

func builtin(tb testing.TB) *Catalog {
	tb.Helper()
	return newCatalog(tb, Settings{Builtin: true})
}

// file is a price file in our own form, of the given list of prices.
func file(prices string) []File {
	return []File{{Path: "dir/own.json", Data: []byte(`{"source": "own", "version": "7", "prices": [` + prices + `]}`)}}
}

// instant parses 2026-09-30 or 2026-09-30 16:30.
func instant(tb testing.TB, text string) time.Time {
	tb.Helper()
	layout := time.DateOnly
	if len(text) > len(layout) {
		layout = "2006-01-02 15:04"
	}
	at, err := time.Parse(layout, text)
	require.NoError(tb, err)
	return at
}

// mtok are prices of a million tokens: input, output.
func mtok(input, output float64) map[string]float64 {
	return map[string]float64{"input_mtok": input, "output_mtok": output}
}
