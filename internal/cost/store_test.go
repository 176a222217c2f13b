package cost

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// priceOfM writes a file that prices the model m at an amount.
func priceOfM(t *testing.T, path, amount string) {
	t.Helper()
	text := `{"prices": [{"model": {"equals": "m"}, "prices": {"input_mtok": ` + amount + `}}]}`
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func inputOfM(c *Catalog) float64 {
	q := c.Price(&Request{Model: "m", Usage: Usage{Input: million}})
	return q.Cost.Input
}

// The story of a file that is edited: swapped, broken, looked at again, gone, mended.
func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.json")
	priceOfM(t, path, "1")
	s, _, err := NewStore(Settings{Builtin: true}, []string{path})
	require.NoError(t, err)
	first := s.Load()

	step := func(want Outcome, wantErr string, price float64) {
		t.Helper()
		got, _, err := s.Reload()
		assert.Equal(t, want, got)
		if wantErr == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, wantErr)
		}
		assert.InDelta(t, price, inputOfM(s.Load()), tolerance)
	}
	step(ReloadUnchanged, "", 1)
	assert.Same(t, first, s.Load())

	priceOfM(t, path, "2")
	step(ReloadSwapped, "", 2)
	assert.NotSame(t, first, s.Load())
	assert.NotEqual(t, first.Info().SHA256, s.Load().Info().SHA256)

	priceOfM(t, path, "-2")
	step(ReloadFailed, "must be a finite number >= 0, got -2", 2)
	step(ReloadFailedAgain, "got -2", 2)
	priceOfM(t, path, "-3")
	step(ReloadFailed, "got -3", 2)

	require.NoError(t, os.Remove(path))
	step(ReloadFailed, "no such file", 2)
	step(ReloadFailedAgain, "no such file", 2)

	priceOfM(t, path, "2")
	step(ReloadUnchanged, "", 2)
	priceOfM(t, path, "-3")
	step(ReloadFailed, "got -3", 2) // told again: it was well in between
	priceOfM(t, path, "3")
	step(ReloadSwapped, "", 3)
}

// Files that change places are other files: the later wins.
func TestChecksumKnowsTheOrder(t *testing.T) {
	a, b := File{Data: []byte("a")}, File{Data: []byte("b")}
	assert.NotEqual(t, checksum([]File{a, b}), checksum([]File{b, a}))
	assert.NotEqual(t, checksum([]File{{Data: []byte("ab")}}), checksum([]File{a, b}))
}

func TestNewStoreRefuses(t *testing.T) {
	_, _, err := NewStore(Settings{Builtin: true}, []string{"no/such.json"})
	require.ErrorContains(t, err, "catalog.files[0]: open no/such.json")
	path := filepath.Join(t.TempDir(), "prices.json")
	priceOfM(t, path, "-1")
	_, _, err = NewStore(Settings{Builtin: true}, []string{path})
	require.ErrorContains(t, err, "catalog.files[0]: prices[0].prices.input_mtok")
}

// Calls are priced while catalogs are swapped: each at one of the prices there were. Run it with -race.
func TestReloadWhilePricing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.json")
	priceOfM(t, path, "1")
	s, _, err := NewStore(Settings{MatchCache: 4}, []string{path})
	require.NoError(t, err)
	done := make(chan struct{})
	var pricing sync.WaitGroup
	for range 4 {
		pricing.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				c := s.Load()
				assert.Contains(t, []float64{1, 2}, inputOfM(c))
				c.Price(&Request{Model: string(rune('a' + i%20)), Usage: Usage{Input: 1}})
			}
		})
	}
	for _, amount := range []string{"2", "x", "1", "2", "1"} {
		priceOfM(t, path, amount)
		_, _, _ = s.Reload()
	}
	close(done)
	pricing.Wait()
	assert.InDelta(t, 1, inputOfM(s.Load()), tolerance)
}
