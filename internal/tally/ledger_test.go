package tally_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

func now() time.Time { return time.Unix(1_000_000, 0) }

func ledger(maxSeries int, dimensions ...string) *tally.Ledger {
	return tally.NewLedger(tally.Options{MaxSeries: maxSeries, MaxFolded: 2, MaxBuckets: 160, Dimensions: dimensions}, now())
}

// observed is an observation and whose it is.
type observed struct {
	tally.Observation
	workflow, service string
	dimensions        []string
}

func (o *observed) observe(b *tally.Batch) {
	o.Stream = b.Stream(o.workflow, o.service, o.dimensions)
	b.Observe(&o.Observation)
}

// step returns the observation of a step that succeeded.
func step(workflow, name string, seconds float64) *observed {
	return &observed{
		workflow: workflow, service: "svc",
		Observation: tally.Observation{
			Seconds: seconds, Weight: 1, Step: name,
			Reading: &flow.Reading{Role: flow.RoleStep, Step: name, StepKind: "task"},
			Verdict: flow.Verdict{Role: flow.RoleStep},
		},
	}
}

func apply(l *tally.Ledger, observations ...*observed) (folded bool) {
	b := tally.NewBatch(l)
	for _, o := range observations {
		o.observe(b)
	}
	return l.Apply(b, now().UnixNano())
}

// points writes a metric's series as lines "label=value,… count/amount".
func points(l *tally.Ledger, m tally.ID, t tally.Temporality) map[string]float64 {
	out := make(map[string]float64)
	l.Collect(m, t, func(p *tally.Point) {
		var names []string
		for name, value := range p.Labels {
			names = append(names, name[strings.LastIndex(name, ".")+1:]+"="+value)
		}
		v := float64(p.Count) + p.Amount
		if p.Hist != nil {
			v = float64(p.Hist.Count())
		}
		out[strings.Join(names, ",")] = v
	})
	return out
}

func TestANewSeriesShowsZeroFirst(t *testing.T) {
	l := ledger(100)
	apply(l, step("support", "plan", 0.1), step("support", "plan", 0.2))
	key := "name=support,name=svc,name=plan,kind=task,outcome=success"
	for _, m := range []tally.ID{tally.Steps, tally.StepDuration} {
		assert.Equal(t, map[string]float64{key: 0}, points(l, m, tally.Cumulative))
		assert.Equal(t, map[string]float64{key: 2}, points(l, m, tally.Cumulative))
	}
}

func TestDeltaPointsTellOnlyWhatIsNew(t *testing.T) {
	l := ledger(100)
	apply(l, step("support", "plan", 0.1))
	assert.Len(t, points(l, tally.Steps, tally.Delta), 1)
	assert.Empty(t, points(l, tally.Steps, tally.Delta))
	apply(l, step("support", "plan", 0.1), step("support", "plan", 0.1))
	for _, v := range points(l, tally.Steps, tally.Delta) {
		assert.InDelta(t, 2, v, 0)
	}
}

func TestErrorTypesShareOneHistogram(t *testing.T) {
	l := ledger(100)
	refused, broken := step("w", "s", 1), step("w", "s", 2)
	refused.Reading.Outcome, refused.Reading.ErrorType = flow.OutcomeError, "refused"
	broken.Reading.Outcome, broken.Reading.ErrorType = flow.OutcomeError, "broken"
	apply(l, refused, broken)
	points(l, tally.StepDuration, tally.Cumulative)
	assert.Len(t, points(l, tally.Steps, tally.Cumulative), 2)
	assert.Equal(t, map[string]float64{"name=w,name=svc,name=s,kind=task,outcome=error": 2},
		points(l, tally.StepDuration, tally.Cumulative))
}

func TestCallsCountOnceAndTokensOnlyWhereStated(t *testing.T) {
	l := ledger(100)
	o := &observed{workflow: "w", Observation: tally.Observation{
		Seconds: 1, Weight: 3,
		Reading: &flow.Reading{Role: flow.RoleCall, Call: flow.CallReading{
			Operation: "chat", Provider: "openai", Model: "gpt-4o", Kind: flow.CostLLM,
			Usage:   flow.Usage{Input: 100, Output: 20, Known: flow.UsageInput | flow.UsageOutput},
			Cost:    flow.Cost{USD: 0.5, OK: true},
			Savings: flow.Savings{OK: true, By: [flow.MechanismCount]float64{flow.MechanismRouter: 0.25}},
		}},
		Verdict: flow.Verdict{Role: flow.RoleCall, CountsCall: true, CountsUsage: true},
	}}
	apply(l, o)
	want := map[tally.ID]map[string]float64{
		tally.Calls:        {"name=w,name=chat,name=openai,model=gpt-4o,outcome=success": 3},
		tally.CallDuration: {"name=w,name=chat,name=openai,model=gpt-4o,outcome=success": 3},
		tally.Tokens:       {"name=w,name=openai,model=gpt-4o,type=input": 300, "name=w,name=openai,model=gpt-4o,type=output": 60},
		tally.Cost:         {"name=w,name=openai,model=gpt-4o,kind=llm": 1.5},
		tally.Savings:      {"name=w,mechanism=router": 0.75},
	}
	for m, series := range want {
		points(l, m, tally.Cumulative)
		assert.Equal(t, series, points(l, m, tally.Cumulative), tally.Metrics[m].Name)
	}
}

// TestSavingsAndExtraCostOfOneMechanism: counters only grow, so that what was dearer is not
// taken from what was saved.
func TestSavingsAndExtraCostOfOneMechanism(t *testing.T) {
	l := ledger(100)
	call := func(router, tier float64) *observed {
		by := [flow.MechanismCount]float64{flow.MechanismRouter: router, flow.MechanismServiceTier: tier}
		return &observed{workflow: "w", Observation: tally.Observation{
			Weight:  2,
			Reading: &flow.Reading{Role: flow.RoleCall, Call: flow.CallReading{Kind: flow.CostLLM, Savings: flow.Savings{OK: true, By: by}}},
			Verdict: flow.Verdict{Role: flow.RoleCall, CountsCall: true, CountsUsage: true},
		}}
	}
	apply(l, call(0.5, -0.25), call(-0.125, -0.25))
	for m, want := range map[tally.ID]map[string]float64{
		tally.Savings:   {"name=w,mechanism=router": 1},
		tally.ExtraCost: {"name=w,mechanism=router": 0.25, "name=w,mechanism=service_tier": 1},
	} {
		points(l, m, tally.Cumulative)
		assert.Equal(t, want, points(l, m, tally.Cumulative), tally.Metrics[m].Name)
	}
}

func TestCallsWithoutPriceAreCounted(t *testing.T) {
	l := ledger(100)
	o := &observed{workflow: "w", Observation: tally.Observation{
		Weight:  3,
		Reading: &flow.Reading{Role: flow.RoleCall, Call: flow.CallReading{Kind: flow.CostLLM, Provider: "openai", Model: "mine", Unpriced: true}},
		Verdict: flow.Verdict{Role: flow.RoleCall, CountsCall: true},
	}}
	apply(l, o)
	points(l, tally.CallsUnpriced, tally.Cumulative)
	assert.Equal(t, map[string]float64{"name=w,name=openai,model=mine": 3}, points(l, tally.CallsUnpriced, tally.Cumulative))
}

func TestRecoveriesAndCacheAreCounted(t *testing.T) {
	l := ledger(100)
	o := step("w", "s", 1)
	o.Reading.Recovery = flow.RecoveryRetry | flow.RecoveryCircuitOpen
	o.Reading.Cache = flow.CacheHit
	apply(l, o)
	points(l, tally.Recoveries, tally.Cumulative)
	assert.Equal(t, map[string]float64{
		"name=w,name=svc,name=s,recovery=retry":        1,
		"name=w,name=svc,name=s,recovery=circuit_open": 1,
	}, points(l, tally.Recoveries, tally.Cumulative))
	points(l, tally.CacheRequests, tally.Cumulative)
	assert.Equal(t, map[string]float64{"name=w,name=svc,name=s,hit=true": 1}, points(l, tally.CacheRequests, tally.Cumulative))
}

func TestOverflowKeepsTheTotalAndTheWorkflow(t *testing.T) {
	l := ledger(2)
	var folded bool
	for i := range 10 {
		first := apply(l, step(fmt.Sprintf("w%d", i/3), fmt.Sprintf("s%d", i), 1))
		assert.False(t, folded && first, "the first fold is told once")
		folded = folded || first
	}
	assert.True(t, folded)
	points(l, tally.Steps, tally.Cumulative)
	got := points(l, tally.Steps, tally.Cumulative)
	total := 0.0
	for _, v := range got {
		total += v
	}
	assert.InDelta(t, 10, total, 0)
	assert.Equal(t, map[string]float64{
		"name=w0,name=svc,name=s0,kind=task,outcome=success": 1,
		"name=w0,name=svc,name=s1,kind=task,outcome=success": 1,
		"name=w0,overflow=true":                              1,
		"name=w1,overflow=true":                              3,
		"overflow=true":                                      4,
	}, got)
	assert.Equal(t, uint64(16), l.Folded(), "8 steps, each with its duration")
}

func TestDimensionsAreLabels(t *testing.T) {
	l := ledger(10, "tenant")
	o := step("w", "s", 1)
	o.dimensions = []string{"acme"}
	apply(l, o)
	assert.Contains(t, points(l, tally.Steps, tally.Cumulative), "name=w,name=svc,tenant=acme,name=s,kind=task,outcome=success")
}

func TestSettledRunsAndTheirCost(t *testing.T) {
	l := ledger(10, "tenant")
	b := tally.NewBatch(l)
	e := &tally.Ending{
		Stream: b.StreamOf("w", "", string(tally.AppendDimensions(nil, []string{"acme"}))), Outcome: flow.OutcomeError, ErrorType: "x", Seconds: 2, Weight: 1,
	}
	b.CountRun(e)
	b.CostRun(e, 0.75)
	l.Apply(b, now().UnixNano())
	for m, want := range map[tally.ID]map[string]float64{
		tally.Runs:        {"name=w,tenant=acme,outcome=error,type=x": 1},
		tally.RunDuration: {"name=w,tenant=acme,outcome=error": 1},
		tally.RunCost:     {"name=w,tenant=acme,outcome=error": 1},
	} {
		points(l, m, tally.Cumulative)
		assert.Equal(t, want, points(l, m, tally.Cumulative))
	}
}

func TestIdleSeriesExpire(t *testing.T) {
	l := ledger(10)
	apply(l, step("w", "s", 1))
	assert.Equal(t, 2, l.Len())
	assert.Zero(t, l.Expire(now()))
	assert.Equal(t, 2, l.Expire(now().Add(time.Second)))
	assert.Zero(t, l.Len())
}

// However spans are cut into batches, the series come to what a plain count of
// each step gives.
func TestBatchesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ab", "b", ""}), 1, 600).Draw(t, "steps")
		l, b := ledger(100), (*tally.Batch)(nil)
		b = tally.NewBatch(l)
		want := make(map[string]float64)
		for _, name := range names {
			want[name]++
			step("w", name, 1).observe(b)
			if rapid.Bool().Draw(t, "cut") {
				l.Apply(b, now().UnixNano())
				b.Reset()
			}
		}
		l.Apply(b, now().UnixNano())
		points(l, tally.Steps, tally.Cumulative)
		got := points(l, tally.Steps, tally.Cumulative)
		require.Len(t, got, len(want))
		for name, n := range want {
			key := "name=w,name=svc,name=" + name + ",kind=task,outcome=success"
			if name == "" {
				key = "name=w,name=svc,kind=task,outcome=success"
			}
			assert.InDelta(t, n, got[key], 0, key)
		}
	})
}

func TestManySeriesInOneBatch(t *testing.T) {
	l := ledger(5000)
	b := tally.NewBatch(l)
	for i := range 1000 {
		step("w", strconv.Itoa(i), 1).observe(b)
		step("w", strconv.Itoa(i), 1).observe(b)
	}
	l.Apply(b, now().UnixNano())
	points(l, tally.Steps, tally.Cumulative)
	got := points(l, tally.Steps, tally.Cumulative)
	require.Len(t, got, 1000)
	for key, v := range got {
		assert.InDelta(t, 2, v, 0, key)
	}
}

func TestKnownSeriesCostNoAllocation(t *testing.T) {
	l := ledger(100)
	b := tally.NewBatch(l)
	o := step("w", "s", 1)
	fold := func() {
		b.Reset()
		for range 100 {
			o.observe(b)
		}
		l.Apply(b, now().UnixNano())
	}
	fold()
	assert.Zero(t, testing.AllocsPerRun(100, fold))
}

func TestThroughputCountsTheLastMinute(t *testing.T) {
	tp := tally.NewThroughput(1)
	second := func(n int) time.Time { return now().Add(time.Duration(n) * time.Second) }
	add := func(workflow string, ended, now time.Time, n uint64) bool {
		at, ok := tally.Second(ended.UnixNano(), now.UnixNano())
		if ok {
			tp.Add(workflow, "svc", at, n)
		}
		return ok
	}
	assert.True(t, add("w", second(0), second(1), 30))
	assert.True(t, add("w", second(99), second(30), 30), "a run from the future counts as now")
	assert.False(t, add("w", second(-60), second(0), 1), "too old")
	assert.True(t, add("more", second(0), second(0), 1), "past the bound is not late")
	_, ok := tally.Second(math.MinInt64, second(0).UnixNano())
	assert.False(t, ok, "an end that does not fit")

	for _, tc := range []struct {
		at   int
		want map[string]float64
	}{
		{30, map[string]float64{"w": 60, "": 1}},
		{59, map[string]float64{"w": 60, "": 1}},
		{60, map[string]float64{"w": 30, "": 0}},
		{90, map[string]float64{"w": 0, "": 0}},
		{600, map[string]float64{"w": 0, "": 0}},
		{630, map[string]float64{"w": 0}},
		{631, map[string]float64{}},
	} {
		got := make(map[string]float64)
		tp.Each(second(tc.at), func(workflow, _ string, perSecond float64) { got[workflow] = math.Round(perSecond * 60) })
		assert.Equal(t, tc.want, got, "at %d s", tc.at)
	}
}
