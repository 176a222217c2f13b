package costprocessor

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
)

// priceFile is a file with one price of model a, a dollar at first.
type priceFile string

func newPriceFile(t *testing.T) priceFile {
	t.Helper()
	f := priceFile(filepath.Join(t.TempDir(), "prices.json"))
	f.write(t, "1")
	return f
}

func (f priceFile) write(t *testing.T, usd string) {
	t.Helper()
	text := `{"source": "test", "date": "2026-09-01", "prices": [{"provider": "openai", "model": {"equals": "a"}, "prices": {"input_mtok": ` + usd + `}}]}`
	// Renamed into place, as a mounted volume is changed: no reader sees half of it.
	temporary := string(f) + ".new"
	require.NoError(t, os.WriteFile(temporary, []byte(text), 0o600))
	require.NoError(t, os.Rename(temporary, string(f)))
}

func (f priceFile) config() string {
	return "catalog: {builtin: false, files: ['" + string(f) + "'], reload_interval: 30s}"
}

// price returns what a million tokens cost now.
func (b *workbench) price(t *testing.T, n byte) float64 {
	t.Helper()
	usd, _ := b.send(t, chat(n, 0, "gen_ai.usage.input_tokens", 1_000_000))[n][attrTotal].(float64)
	return usd
}

func TestReload(t *testing.T) {
	file := newPriceFile(t)
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, file.config())
		assert.InDelta(t, 1, b.price(t, 1), 0)
		file.write(t, "2")
		assert.InDelta(t, 1, b.price(t, 2), 0, "nobody has looked yet")
		pass(31 * time.Second)
		assert.InDelta(t, 2, b.price(t, 3), 0)

		file.write(t, "-2")
		pass(time.Minute)
		assert.InDelta(t, 2, b.price(t, 4), 0, "the previous prices stay")
		require.NoError(t, os.Remove(string(file)))
		pass(time.Minute)
		assert.InDelta(t, 2, b.price(t, 5), 0)
		file.write(t, "3")
		pass(30 * time.Second)
		assert.InDelta(t, 3, b.price(t, 6), 0)
		assert.Equal(t, map[string]int64{"success": 2, "error": 2}, b.counted(t, "otelcol_processor_cost_catalog_reloads", "result"))
	})
}

// pass lets time go by and all that it wakes come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestNoReload: with an interval of 0 nothing runs that would have to be stopped.
func TestNoReload(t *testing.T) {
	file := newPriceFile(t)
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, "catalog: {builtin: false, files: ['"+string(file)+"'], reload_interval: 0s}")
		file.write(t, "2")
		pass(time.Hour)
		assert.InDelta(t, 1, b.price(t, 1), 0)
	})
}

// reporter notes what components report.
type reporter struct {
	component.Host
	events []*componentstatus.Event
}

// Report takes an event.
func (r *reporter) Report(e *componentstatus.Event) { r.events = append(r.events, e) }

func TestReloadThatEndsTheCollector(t *testing.T) {
	file := newPriceFile(t)
	synctest.Test(t, func(t *testing.T) {
		cfg := load(t, file.config()+"\n")
		cfg.Catalog.OnReloadError = ReloadErrorFail
		p, err := newProcessor(processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
		require.NoError(t, err)
		host := &reporter{Host: componenttest.NewNopHost()}
		require.NoError(t, p.Start(t.Context(), host))
		file.write(t, "-2")
		pass(time.Minute)
		require.Len(t, host.events, 1, "the same content again is no news")
		assert.Equal(t, componentstatus.StatusFatalError, host.events[0].Status())
		require.ErrorContains(t, host.events[0].Err(), "input_mtok: must be a finite number >= 0, got -2")
		require.NoError(t, p.Shutdown(t.Context()))
	})
}

// TestReloadWhilePricing prices on two goroutines while the prices change: every price is one
// of those that were in the file.
func TestReloadWhilePricing(t *testing.T) {
	file := newPriceFile(t)
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), load(t, file.config()), consumertest.NewNop())
	require.NoError(t, err)
	defer func() { require.NoError(t, p.Shutdown(t.Context())) }()
	var work sync.WaitGroup
	for g := range 2 {
		work.Go(func() {
			for i := range 100 {
				s := chat(byte(i+1), 0, "gen_ai.usage.input_tokens", 1_000_000)
				s.trace = byte(g + 1)
				td := batchOf(s)
				if err := p.ConsumeTraces(t.Context(), td); err != nil {
					t.Error(err)
				}
				usd, _ := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().Get(attrTotal)
				if v := usd.Double(); v != 1 && v != 2 {
					t.Errorf("price %v", v)
				}
			}
		})
	}
	for i := range 20 {
		file.write(t, []string{"1", "2"}[i%2])
		p.reload(t.Context(), func(error) {})
	}
	work.Wait()
}

func TestOldPricesAreComplainedOf(t *testing.T) {
	file := newPriceFile(t)
	for _, tc := range []struct {
		age  string
		said int
	}{{"87600h", 0}, {"0s", 0}, {"1h", 1}} {
		core, logs := observer.New(zap.WarnLevel)
		set := processortest.NewNopSettings(metadata.Type)
		set.Logger = zap.New(core)
		p, err := newProcessor(set, load(t, "catalog: {builtin: false, files: ['"+string(file)+"'], reload_interval: 0s, max_age: "+tc.age+"}"), consumertest.NewNop())
		require.NoError(t, err)
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
		assert.Equal(t, tc.said, logs.FilterMessageSnippet("older than catalog.max_age").Len(), tc.age)
		require.NoError(t, p.Shutdown(t.Context()))
	}
}
