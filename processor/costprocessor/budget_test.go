package costprocessor

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"pgregory.net/rapid"
)

func TestBudgets(t *testing.T) {
	const budgets = prices + `
budgets:
  - {name: big, match: {workflow: other*}, limit_usd: 100}
  - {name: small, match: {workflow: s*t}, limit_usd: 2, thresholds: [0.5, 1]}
`
	for name, tc := range map[string]struct {
		calls int
		state string
	}{
		"little": {0, budgetOK}, "half": {1, budgetWarning}, "all of it": {2, budgetWarning}, "more": {3, budgetExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, budgets)
			spans := []span{run(1), chat(20, 1, tokens(1000, 0)...)}
			for i := range tc.calls {
				spans = append(spans, chat(byte(i+2), 1, tokens(1_000_000-1000/tc.calls, 0)...))
			}
			got := b.send(t, spans...)[1]
			used := float64(tc.calls)
			if tc.calls == 0 {
				used = 0.001
			}
			assert.Equal(t, "small", got[attrBudgetName])
			assert.InDelta(t, used, got[attrBudgetUsed], 1e-5)
			assert.InDelta(t, 2, got[attrBudgetLimit], 0)
			assert.InDelta(t, used/2, got[attrBudgetRatio], 1e-5)
			assert.Equal(t, tc.state, got[attrBudgetState])
			exceeded := int64(0)
			if tc.state == budgetExceeded {
				exceeded = 1
			}
			assert.Equal(t, map[string]int64{"small": exceeded, "big": 0}, b.counted(t, "otelcol_processor_cost_budget_exceeded", "budget"))
		})
	}
}

func TestLike(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "any", true},
		{"", "", true},
		{"a", "a", true},
		{"a", "ab", false},
		{"a*", "ab", true},
		{"*", "", true},
	} {
		assert.Equal(t, tc.want, like(tc.pattern, tc.text), "%q %q", tc.pattern, tc.text)
	}
}

// TestRunBudgetOfATenant: the tenant may be told by the span, or by its resource.
func TestRunBudgetOfATenant(t *testing.T) {
	b := setUp(t, prices+"budgets: [{name: acme, match: {tenant: ac*}, limit_usd: 2}]")
	acme, other := run(1), run(1)
	acme.attrs[attrTenant], other.attrs[attrTenant] = "acme", "other"
	other.trace = 2
	call := chat(3, 1, tokens(1_000_000, 0)...)
	assert.Equal(t, "acme", b.send(t, acme, call)[1][attrBudgetName])
	call.trace = 2
	assert.NotContains(t, b.send(t, other, call)[1], attrBudgetName)
}

const overTime = prices + `
budgets:
  - {name: each, match: {workflow: support}, limit_usd: 100}
  - {name: month, scope: workflow, match: {workflow: su*}, limit_usd: 2.5, window: calendar_month, thresholds: [0.4, 2]}
  - {name: tenant, scope: tenant, limit_usd: 1000, window: 24h}
`

// dollar is a run of the workflow support in a trace of its own whose call costs a dollar.
func dollar(trace byte, tenant string) []span {
	r, c := run(1), chat(2, 1, tokens(1_000_000, 0)...)
	r.trace, c.trace = trace, trace
	if tenant != "" {
		r.attrs[attrTenant] = tenant
	}
	return []span{r, c}
}

// TestBudgetsOverTime spends a dollar after the other of 2.50 a month. The bubble's clock is far
// behind the spans, which count as of now.
func TestBudgetsOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, overTime)
		core, logs := observer.New(zapcore.InfoLevel)
		b.log = zap.New(core)
		for i, want := range []struct {
			state string
			log   string // what is logged, if anything
		}{
			{budgetWarning, "a threshold of a budget is reached"},
			{budgetWarning, ""},
			{budgetExceeded, "a budget is exceeded"},
			{budgetExceeded, ""},
			{budgetExceeded, "a threshold of a budget is reached"}, // the second, at 5 dollars
		} {
			got := b.send(t, dollar(byte(i+1), "acme")...)[1]
			used := float64(i + 1)
			assert.Equal(t, "month", got[attrBudgetName], "more of it is used than of the others")
			assert.Equal(t, want.state, got[attrBudgetState], "%v dollars", used)
			assert.InDelta(t, used, got[attrBudgetUsed], 1e-12)
			assert.InDelta(t, used/2.5, got[attrBudgetRatio], 1e-12)
			said := logs.TakeAll()
			if want.log == "" {
				assert.Empty(t, said)
				continue
			}
			require.Len(t, said, 1)
			assert.Equal(t, want.log, said[0].Message)
			assert.Equal(t, map[string]any{
				"budget": "month", "account": "support", "window": "calendar_month", "limit": 2.5, "used": used,
			}, said[0].ContextMap())
		}
		assert.Equal(t, map[string]int64{"each": 0, "month": 1, "tenant": 0}, b.counted(t, "otelcol_processor_cost_budget_exceeded", "budget"))
		assert.Equal(t, map[string]float64{"support": 5, "acme": 5}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
		assert.Equal(t, map[string]float64{"each": 100, "month": 2.5, "tenant": 1000}, b.gauged(t, "otelcol_processor_cost_budget_limit", "budget"))

		time.Sleep(31 * 24 * time.Hour) // the month of 2000-01-01 is over
		got := b.send(t, dollar(9, "acme")...)[1]
		assert.InDelta(t, 1, got[attrBudgetUsed], 1e-12)
		assert.Equal(t, "a threshold of a budget is reached", logs.TakeAll()[0].Message, "it is told again")
	})
}

// gauged returns the points of a gauge by the value of an attribute.
func (b *workbench) gauged(tb testing.TB, name, by string) map[string]float64 {
	tb.Helper()
	m, err := b.tel.GetMetric(name)
	require.NoError(tb, err)
	out := map[string]float64{}
	for _, p := range m.Data.(metricdata.Gauge[float64]).DataPoints {
		v, _ := p.Attributes.Value(attribute.Key(by))
		out[v.AsString()] += p.Value
	}
	return out
}

// TestWhatIsRefusedIsNotSpent: the client sends it again, and it costs once.
func TestWhatIsRefusedIsNotSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, overTime)
		accept := b.costProcessor.next
		b.costProcessor.next = consumertest.NewErr(errors.New("full"))
		require.Error(t, b.ConsumeTraces(t.Context(), batchOf(dollar(1, "acme")...)))
		assert.Equal(t, map[string]float64{"support": 0, "acme": 0}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
		b.costProcessor.next = accept
		b.send(t, dollar(1, "acme")...)
		b.send(t, dollar(1, "acme")...)
		assert.Equal(t, map[string]float64{"support": 1, "acme": 1}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
	})
}

// TestWhatIsInNoAccount: a tenant that is not told, and one too many.
func TestWhatIsInNoAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, overTime+"limits: {budget_accounts: 2}")
		for i, tenant := range []string{"", "a", "b", "c"} {
			b.send(t, dollar(byte(i+1), tenant)...)
		}
		assert.Equal(t, map[string]int64{"each": 0, "month": 0, "tenant": 2}, b.counted(t, "otelcol_processor_cost_budget_unaccounted", "budget"))
		assert.Equal(t, map[string]float64{"support": 4, "a": 1, "b": 1}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
		time.Sleep(27 * time.Hour) // nothing of the day is left
		b.send(t, dollar(5, "c")...)
		assert.Equal(t, map[string]float64{"support": 5, "c": 1}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
	})
}

// TestSpendOfACallWhoseRunIsElsewhere counts by what the call itself says.
func TestSpendOfACallWhoseRunIsElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setUp(t, overTime)
		b.send(t, chat(2, 1, append(tokens(1_000_000, 0), "workflow.name", "support", attrTenant, "acme")...))
		b.send(t, chat(3, 1, append(tokens(1_000_000, 0), "workflow.name", "other")...))
		b.send(t, chat(4, 1, append(tokens(1_000_000, 0), attrTenant, "acme")...))
		assert.Equal(t, map[string]float64{"support": 1, "acme": 2}, b.gauged(t, "otelcol_processor_cost_budget_spent", "account"))
		assert.Equal(t, map[string]int64{"each": 0, "month": 0, "tenant": 1}, b.counted(t, "otelcol_processor_cost_budget_unaccounted", "budget"))
	})
}

// day is noon of a day in November 2026; the 2nd is a Monday.
func day(n int) time.Time { return time.Date(2026, time.November, n, 12, 0, 0, 0, time.UTC) }

func TestLedger(t *testing.T) {
	type spend struct {
		usd     float64
		at, now time.Time
		want    float64 // spent in all
	}
	for window, spends := range map[string][]spend{
		"calendar_day": {
			{1, day(2), day(2), 1},
			{2, day(2).Add(-11 * time.Hour), day(2), 3},
			{4, day(1), day(2), 3},
			{8, day(5), day(2), 11},
			{16, day(3), day(3), 16},
			{32, day(2), day(3), 16},
		},
		"calendar_week": {
			{1, day(2), day(2), 1}, {2, day(1), day(2), 1}, {4, day(8), day(8), 5}, {8, day(9), day(9), 8}, {16, day(8), day(9), 8},
		},
		"calendar_month": {
			{1, day(1), day(1), 1},
			{2, day(30), day(30), 3},
			{4, day(31), day(31), 4},
			{8, day(30), day(31), 4},
			{16, day(1), day(1), 16}, // the clock was set back
		},
		"240h": {
			{1, day(1), day(1), 1},
			{2, day(10), day(10), 3},
			{4, day(12), day(13), 6},
			{8, day(1), day(13), 6},
			{16, day(14), day(13), 22},
			{32, day(60), day(60), 32},
		},
	} {
		t.Run(window, func(t *testing.T) {
			l := newLedger(t, window)
			for _, s := range spends {
				p := l.spend("a", s.usd, s.at, s.now)
				assert.True(t, p.room)
				assert.InDelta(t, s.want, p.usd, 1e-12, "%v of %v on %v", s.usd, s.at, s.now)
				assert.InDelta(t, s.want, l.spent("a", s.now), 1e-12)
				assert.Zero(t, l.spent("b", s.now))
			}
		})
	}
}

// newLedger is that of a budget of 10 dollars.
func newLedger(tb testing.TB, window string) *ledger {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Budgets = []BudgetConfig{{Name: "b", Scope: ScopeWorkflow, LimitUSD: 10, Window: window, Thresholds: []float64{0.5, 1, 1.5}}}
	all, err := cfg.budgets()
	require.NoError(tb, err)
	return all[0].ledger
}

// TestWhatALedgerTells: each threshold once while it lasts, the limit once, and both again after
// it was below.
func TestWhatALedgerTells(t *testing.T) {
	l := newLedger(t, "24h")
	type told struct{ reached, exceeded bool }
	for _, s := range []struct {
		usd float64
		at  time.Time
		told
	}{
		{4, day(1), told{}},
		{1, day(1), told{true, false}},
		{4, day(1), told{}},
		{1, day(1), told{true, false}}, // the limit itself may be spent
		{1, day(1), told{false, true}},
		{1, day(1), told{}},
		{9, day(1), told{true, false}},
		{-21, day(1), told{}},
		{5, day(3), told{true, false}},
		{6, day(3), told{true, true}},
		{11, day(5), told{true, true}},
	} {
		p := l.spend("a", s.usd, s.at, s.at)
		got := told{p.reached, p.exceeded}
		assert.Equal(t, s.told, got, "%v on %v: %v", s.usd, s.at, p.usd)
	}
}

// TestSlidingLedger compares with a list: what is younger than the window is in, what is older
// than eleven tenths of it is out, and never more accounts than there is room for.
func TestSlidingLedger(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		const length = 10 * time.Hour
		l := newLedger(t, length.String())
		l.most = 2
		now := day(1)
		type entry struct {
			at  time.Time
			usd float64
		}
		list := map[string][]entry{}
		for range rapid.IntRange(1, 40).Draw(r, "spends") {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(r, "minutes")) * time.Minute)
			key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "key")
			e := entry{now.Add(-time.Duration(rapid.IntRange(0, 900).Draw(r, "age")) * time.Minute), float64(rapid.IntRange(1, 9).Draw(r, "usd"))}
			if p := l.spend(key, e.usd, e.at, now); p.room {
				list[key] = append(list[key], e)
			}
			assert.LessOrEqual(r, len(l.accounts), 2)
			l.each(now, func(key string, usd float64) {
				least, most := 0.0, 0.0
				for _, e := range list[key] {
					if age := now.Sub(e.at); age < length {
						least += e.usd
						most += e.usd
					} else if age <= length*11/10 {
						most += e.usd
					}
				}
				assert.GreaterOrEqual(r, usd, least)
				assert.LessOrEqual(r, usd, most)
			})
		}
	})
}

func TestStretches(t *testing.T) {
	for _, good := range []string{"calendar_day", "calendar_week", "calendar_month", "1m", "720h"} {
		_, err := parseStretch(good)
		require.NoError(t, err, good)
	}
	for _, bad := range []string{"", "month", "calendar_year", "calendar_", "30s", "-1h", "24"} {
		_, err := parseStretch(bad)
		require.Error(t, err, bad)
		assert.True(t, strings.HasSuffix(err.Error(), `got "`+bad+`"`), err)
	}
}
