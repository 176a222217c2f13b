package costprocessor

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/shelf"
	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

const kept = "storage: disk\n" + overTime

// lives is a processor that is started and ended again and again, with one disk.
type lives struct {
	*testing.T
	*workbench
	disk *storagetest.Disk
	logs *observer.ObservedLogs
	sent byte
}

// inLives runs a test in a bubble of time.
func inLives(t *testing.T, yaml string, f func(l *lives)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lives{T: t, disk: storagetest.NewDisk()}
		l.begin(yaml)
		f(l)
		l.end()
	})
}

// begin starts a new process.
func (l *lives) begin(yaml string) {
	l.Helper()
	require.NoError(l, l.start(yaml, storagetest.Host{component.MustNewID("disk"): l.disk}))
}

func (l *lives) start(yaml string, host component.Host) error {
	l.Helper()
	l.workbench = &workbench{next: new(consumertest.TracesSink), tel: componenttest.NewTelemetry()}
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = l.tel.NewTelemetrySettings()
	core, logs := observer.New(zap.InfoLevel)
	set.Logger, l.logs = zap.New(core), logs
	p, err := newProcessor(set, load(l, yaml), l.next)
	require.NoError(l, err)
	l.costProcessor = p
	return p.Start(l.Context(), host)
}

// end ends the process as it should.
func (l *lives) end() {
	l.Helper()
	ctx := context.WithoutCancel(l.Context())
	require.NoError(l, l.Shutdown(ctx))
	require.NoError(l, l.tel.Shutdown(ctx))
}

// kill ends the process at once: nothing more is kept.
func (l *lives) kill() {
	l.Helper()
	l.disk.Leave(0)
	ctx := context.WithoutCancel(l.Context())
	_ = l.Shutdown(ctx) // which has nothing to write, or cannot
	require.NoError(l, l.tel.Shutdown(ctx))
	l.disk.Leave(-1)
}

// dollar spends one, of the workflow support and of a tenant.
func (l *lives) dollar(tenant string) {
	l.Helper()
	l.sent++
	l.send(l, dollar(l.sent, tenant)...)
}

// beats lets the time of n writes pass.
func (l *lives) beats(n int) {
	time.Sleep(time.Duration(n) * keepEvery)
	synctest.Wait()
}

// spent asserts what accounts show, as "support 2, acme 2"; "" is none.
func (l *lives) spent(want string) {
	l.Helper()
	m := map[string]float64{}
	for account := range strings.SplitSeq(want, ", ") {
		if name, usd, ok := strings.Cut(account, " "); ok {
			v, err := strconv.ParseFloat(usd, 64)
			require.NoError(l, err)
			m[name] = v
		}
	}
	if len(m) == 0 {
		_, err := l.tel.GetMetric("otelcol_processor_cost_budget_spent")
		assert.Error(l, err, "no account, no metric")
		return
	}
	assert.Equal(l, m, l.gauged(l, "otelcol_processor_cost_budget_spent", "account"))
}

// said asserts how often something was logged.
func (l *lives) said(n int, text string) {
	l.Helper()
	assert.Equal(l, n, l.logs.Filter(func(e observer.LoggedEntry) bool { return strings.Contains(e.Message, text) }).Len(), "%q", text)
}

// failed asserts how often the storage did.
func (l *lives) failed(open, read, write int64) {
	l.Helper()
	assert.Equal(l, map[string]int64{"open": open, "read": read, "write": write},
		l.counted(l, "otelcol_processor_cost_storage_failures", "operation"))
}

func TestARestartKeepsWhatWasSpent(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.spent("")
		l.dollar("acme")
		l.dollar("other")
		for range 3 {
			l.end()
			l.begin(kept)
			l.spent("support 2, acme 1, other 1")
		}
		l.said(0, "threshold")
		l.dollar("acme")
		l.spent("support 3, acme 2, other 1")
		l.said(1, "a budget is exceeded")
		l.end()
		l.begin(kept)
		l.dollar("acme")
		l.said(0, "a budget is exceeded")
		assert.Equal(l, map[string]int64{"each": 0, "month": 0, "tenant": 0}, l.counted(l, "otelcol_processor_cost_budget_exceeded", "budget"))
		l.failed(0, 0, 0)
	})
}

func TestOfAKilledProcessOneIntervalIsLost(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.dollar("a")
		l.beats(1)
		l.dollar("b")
		l.kill()
		l.begin(kept)
		l.spent("support 1, a 1")
	})
}

func TestOnlyWhatHasChangedIsWritten(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.beats(3)
		assert.Zero(l, l.disk.Writes())
		l.dollar("a")
		l.beats(1)
		once := l.disk.Writes()
		assert.Positive(l, once)
		l.beats(3)
		l.end()
		l.begin(kept)
		l.beats(3)
		assert.Equal(l, once, l.disk.Writes())
	})
}

func TestWhatIsRefusedIsNotKept(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.dollar("a")
		l.beats(1)
		l.costProcessor.next = consumertest.NewErr(errors.New("full"))
		require.Error(l, l.ConsumeTraces(l.Context(), batchOf(dollar(99, "b")...)))
		l.end()
		l.begin(kept)
		l.spent("support 1, a 1")
	})
}

// TestAWindowMayEndMeanwhile: the bubble begins with 2000-01-01, and so does a month.
func TestAWindowMayEndMeanwhile(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.dollar("a")
		time.Sleep(20 * time.Hour)
		l.dollar("b")
		l.end()
		time.Sleep(8 * time.Hour)
		l.begin(kept)
		l.spent("support 2, b 1")
		l.end()
		time.Sleep(30 * 24 * time.Hour)
		l.begin(kept)
		l.spent("")
		l.dollar("a")
		l.spent("support 1, a 1")
		l.said(1, "a threshold of a budget is reached")
	})
}

func TestABudgetMayChangeMeanwhile(t *testing.T) {
	for name, tc := range map[string]struct {
		old, new string
		spent    string // after three dollars before, and one after
		exceeded int64  // as the one is spent
		dropped  int
	}{
		"not at all":         {"", "", "support 4, acme 4", 0, 0},
		"a limit, by a lot":  {"limit_usd: 2.5", "limit_usd: 4", "support 4, acme 4", 0, 0},
		"a limit, by little": {"limit_usd: 2.5", "limit_usd: 2.6", "support 4, acme 4", 1, 0},
		"thresholds":         {"[0.4, 2]", "[0.5]", "support 4, acme 4", 1, 0},
		"the same window":    {"24h", "1440m", "support 4, acme 4", 0, 0},
		"a window":           {"calendar_month", "calendar_week", "support 1, acme 4", 0, 1},
		"a length":           {"24h", "25h", "support 4, acme 1", 0, 1},
		"a scope":            {"scope: workflow", "scope: tenant", "acme 5", 0, 1},
		"a match":            {"su*", "sup*", "support 1, acme 4", 0, 1},
		"a name":             {"name: month", "name: moon", "support 1, acme 4", 0, 1},
		"the order": {
			"budgets:", "budgets:\n  - {name: new, scope: workflow, match: {workflow: none}, limit_usd: 1, window: 24h}",
			"support 4, acme 4", 0, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inLives(t, kept, func(l *lives) {
				for range 3 {
					l.dollar("acme")
				}
				l.end()
				changed := strings.Replace(kept, tc.old, tc.new, 1)
				if name == "a scope" {
					changed = strings.Replace(changed, "{workflow: su*}", "{}", 1)
				}
				l.begin(changed)
				l.said(tc.dropped, "is dropped")
				l.dollar("acme")
				l.spent(tc.spent)
				exceeded := l.counted(l, "otelcol_processor_cost_budget_exceeded", "budget")
				assert.Equal(l, tc.exceeded, exceeded["month"])
			})
		})
	}
}

func TestThereMayBeLessRoomMeanwhile(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		for _, tenant := range []string{"a", "b", "b", "b", "c", "c"} {
			l.dollar(tenant)
		}
		l.end()
		l.begin(kept + "limits: {budget_accounts: 2}")
		l.spent("support 6, b 3, c 2")
		l.said(1, "limits.budget_accounts leaves no room")
	})
}

// TestOtherStateIsToldAndDropped: nothing of it is taken, and the next start finds good state.
func TestOtherStateIsToldAndDropped(t *testing.T) {
	damage := func(kind string) func(*lives) {
		return func(l *lives) {
			l.disk.Change(func(key string, value []byte) []byte {
				if strings.Contains(key, kind) {
					value[12]++
				}
				return value
			})
		}
	}
	for name, change := range map[string]func(*lives){
		"a damaged index": damage("index"),
		"damaged sums":    damage("part"),
		"a newer version": func(l *lives) {
			own, err := shelf.Open(l.Context(), l.disk, component.MustNewID("cost"))
			require.NoError(l, err)
			j, _ := journal.Open(l.Context(), own, 1)
			require.NoError(l, j.Replace(l.Context(), [][]byte{{recordVersion + 1}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inLives(t, kept, func(l *lives) {
				l.dollar("a")
				l.end()
				change(l)
				l.begin(kept)
				l.spent("")
				l.said(1, "cannot be read: they begin anew")
				l.failed(0, 1, 0)
				l.end()
				l.begin(kept)
				l.said(0, "cannot be read")
				l.dollar("b")
				l.spent("support 1, b 1")
			})
		})
	}
}

func TestAStorageThatTakesNothingIsNoReasonToStop(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.dollar("a")
		l.disk.Leave(0)
		l.beats(3)
		l.failed(0, 0, 3)
		l.said(1, "cannot be kept")
		l.dollar("a")
		l.spent("support 2, a 2")
		require.ErrorIs(l, l.Shutdown(l.Context()), storage.ErrStorageFull)
		assert.Equal(l, 1, l.disk.Closed(), "all the same")
		require.NoError(l, l.tel.Shutdown(l.Context()))

		l.disk.Leave(-1)
		l.begin(kept)
		l.spent("")
		l.dollar("b")
		l.disk.Leave(0)
		l.beats(1)
		l.disk.Leave(-1)
		l.beats(1)
		l.failed(0, 0, 1)
		l.kill()
		l.begin(kept)
		l.spent("support 1, b 1")
	})
}

func TestAStorageThatCannotBeOpenedIsNoReasonToStop(t *testing.T) {
	inLives(t, kept, func(l *lives) {
		l.end()
		l.disk.Break(errors.New("no disk"))
		l.begin(kept)
		l.said(1, "the storage cannot be opened")
		l.failed(1, 0, 0)
		l.dollar("a")
		l.beats(1)
		l.spent("support 1, a 1")
	})
}

func TestAStorageThatIsNotThereIsAnError(t *testing.T) {
	const want = `storage: extension "disk" is not defined or not listed under service.extensions`
	l := &lives{T: t}
	for _, yaml := range []string{kept, "storage: disk\n" + prices} {
		require.EqualError(t, l.start(yaml, storagetest.Host{}), want)
		require.NoError(t, l.Shutdown(t.Context()), "the collector does so after it")
		require.NoError(t, l.tel.Shutdown(t.Context()))
	}
}

// TestNothingToKeep: without a budget over time the storage is left alone.
func TestNothingToKeep(t *testing.T) {
	inLives(t, "storage: disk\n"+prices+"budgets: [{name: run, limit_usd: 1}]", func(l *lives) {
		l.dollar("a")
		l.beats(2)
		l.end()
		assert.Zero(l, l.disk.Writes())
		assert.Zero(l, l.disk.Closed(), "it was never opened")
		l.begin(kept)
	})
}

// stuck is a storage whose writes end when they are released.
type stuck struct {
	*storagetest.Disk
	release chan struct{}
}

func (s stuck) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return s, nil
}

func (s stuck) Batch(ctx context.Context, ops ...*storage.Operation) error {
	<-s.release
	return s.Disk.Batch(ctx, ops...)
}

// TestShutdownWaitsNoLongerThanItMay: a write of the interval hangs, and behind it the last one.
func TestShutdownWaitsNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lives{T: t, disk: storagetest.NewDisk()}
		s := stuck{l.disk, make(chan struct{})}
		require.NoError(t, l.start(kept, storagetest.Host{component.MustNewID("disk"): s}))
		l.dollar("a")
		l.beats(1)
		l.dollar("b")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, l.Shutdown(ctx), context.DeadlineExceeded)
		assert.Zero(t, l.disk.Closed())
		close(s.release)
		synctest.Wait()
		assert.Equal(t, 1, l.disk.Closed(), "after all was written")
		require.NoError(t, l.tel.Shutdown(t.Context()))
		l.begin(kept)
		l.spent("support 2, a 1, b 1")
		l.end()
	})
}

// TestTheRealStorage starts twice on one folder, spends meanwhile in many goroutines, and keeps
// as often as it can.
func TestTheRealStorage(t *testing.T) {
	folder := t.TempDir()
	l := &lives{T: t}
	want := 0.0
	for life := range 2 {
		t.Run(strconv.Itoa(life), func(t *testing.T) {
			l.T = t
			host := storagetest.Host{component.MustNewID("disk"): storagetest.File(t, folder, false)}
			require.NoError(t, l.start(kept, host))
			l.keeper.worker.Stop()
			spend := make(chan struct{})
			go func() {
				defer close(spend)
				for i := range 50 {
					l.ledgerOf("tenant").spend("t"+strconv.Itoa(i%7), 1, time.Now(), time.Now())
				}
			}()
			for spending := true; spending; {
				select {
				case <-spend:
					spending = false
				default:
				}
				require.NoError(t, l.keeper.keep(t.Context()))
			}
			want += 50
			got := 0.0
			l.ledgerOf("tenant").each(time.Now(), func(_ string, usd float64) { got += usd })
			assert.InDelta(t, want, got, 0)
			l.failed(0, 0, 0)
			l.end()
		})
	}
}

func (l *lives) ledgerOf(name string) *ledger {
	for i := range l.budgets {
		if l.budgets[i].Name == name {
			return l.budgets[i].ledger
		}
	}
	return nil
}
