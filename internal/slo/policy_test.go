package slo

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What others use, as factor and share of the budget that is spent when it alerts: factor = share × period / long.
func TestBudgetShareAgreesWithTheFactorsOfOthers(t *testing.T) {
	for _, tc := range []struct {
		source string
		factor BurnRate
		long   time.Duration
		period time.Duration
		share  float64
	}{
		{"Workbook 5-8, Sloth google-30d", 14.4, time.Hour, 30 * day, 0.02},
		{"Workbook 5-8, Sloth google-30d", 6, 6 * time.Hour, 30 * day, 0.05},
		{"Workbook 5-8, Sloth google-30d", 3, day, 30 * day, 0.10},
		{"Workbook 5-8, Sloth google-30d", 1, 3 * day, 30 * day, 0.10},
		{"Workbook 5-5", 36, time.Hour, 30 * day, 0.05},
		{"Sloth alert_test 28d", 13.44, time.Hour, 28 * day, 0.02},
		{"Sloth alert_test 28d", 5.6000000000000005, 6 * time.Hour, 28 * day, 0.05},
		{"Sloth alert_test 28d", 2.8000000000000003, day, 28 * day, 0.10},
		{"Sloth alert_test 28d", 28.0 / 30, 3 * day, 28 * day, 0.10},
		{"Sloth custom windows 7d", 13.44, time.Hour, 7 * day, 0.08},
		{"Sloth custom windows 7d", 3.5, 6 * time.Hour, 7 * day, 0.125},
		{"Sloth custom windows 7d", 1.4, day, 7 * day, 0.20},
		{"Sloth custom windows 7d", 0.98, 3 * day, 7 * day, 0.42},
		{"Datadog 7d", 16.8, time.Hour, 7 * day, 0.10},
		{"Datadog 90d", 21.6, time.Hour, 90 * day, 0.01},
		{"Datadog 90d", 10.8, 6 * time.Hour, 90 * day, 0.03},
		{"Pyrra 28d, exhaustion 2d", 14, time.Hour, 28 * day, 1.0 / 48},
		{"Pyrra 28d, exhaustion 4d", 7, 6 * time.Hour, 28 * day, 6.0 / 96},
		{"Pyrra 28d, exhaustion 2w", 2, day, 28 * day, 1.0 / 14},
		{"Pyrra 28d, exhaustion 4w", 1, 4 * day, 28 * day, 4.0 / 28},
	} {
		p := Policy{Factor: tc.factor, Long: tc.long}
		assert.InEpsilon(t, tc.share, p.BudgetShare(tc.period), 1e-12, "%s, factor %v", tc.source, tc.factor)
	}
}

func TestClampKeepsFactorsWithinReach(t *testing.T) {
	for _, tc := range []struct {
		target string
		want   [4]BurnRate
	}{
		{"99.9%", [4]BurnRate{14.4, 6, 3, 1}},
		{"95%", [4]BurnRate{14.4, 6, 3, 1}},
		{"90%", [4]BurnRate{8, 6, 3, 1}},
		{"80%", [4]BurnRate{4, 4, 3, 1}},
		{"50%", [4]BurnRate{1.6, 1.6, 1.6, 1}},
		{"10%", [4]BurnRate{1, 1, 1, 1}},
	} {
		target := targetOf(t, tc.target)
		policies, clamped := DefaultPolicies(target, DefaultRolling)
		require.Len(t, policies, 4)
		for i, p := range policies {
			assert.InDelta(t, float64(tc.want[i]), float64(p.Factor), 1e-12, "%s %s", tc.target, p.Name)
			require.NoError(t, p.Check(target, DefaultRolling))
			assert.Equal(t, p.Factor != Google()[i].Factor, slices.Contains(clamped, p.Name))
		}
	}
}

func TestDefaultPoliciesFitThePeriod(t *testing.T) {
	for period, want := range map[time.Duration][]string{
		time.Hour: {"page-fast"},
		day:       {"page-fast", "page-slow", "ticket-fast"},
		7 * day:   {"page-fast", "page-slow", "ticket-fast", "ticket-slow"},
		90 * day:  {"page-fast", "page-slow", "ticket-fast", "ticket-slow"},
	} {
		policies, clamped := DefaultPolicies(targetOf(t, "99%"), period)
		var names []string
		for _, p := range policies {
			names = append(names, p.Name)
		}
		assert.Equal(t, want, names, "%s", period)
		assert.Empty(t, clamped)
	}
}

// Each factor needs a target above 1 - 1/factor.
func TestReachability(t *testing.T) {
	for _, tc := range []struct {
		factor        BurnRate
		never, barely string
	}{
		{14.4, "93.05%", "93.06%"},
		{14, "92.85%", "92.86%"},
		{6, "83.33%", "83.34%"},
		{3, "66.66%", "66.67%"},
	} {
		p := Policy{Factor: tc.factor, Long: time.Hour, Short: 5 * time.Minute}
		require.Error(t, p.Check(targetOf(t, tc.never), 30*day), "%v at %s", tc.factor, tc.never)
		require.NoError(t, p.Check(targetOf(t, tc.barely), 30*day), "%v at %s", tc.factor, tc.barely)
	}
}

func TestPolicyErrors(t *testing.T) {
	good := Policy{Name: "p", Factor: 6, Long: time.Hour, Short: 5 * time.Minute}
	for _, tc := range []struct {
		change func(p *Policy)
		want   string
	}{
		{func(p *Policy) { p.Factor = 14.4 }, "factor 14.4 can never be reached: with objective 90% the highest burn rate " +
			"is 10 (all events bad); lower the factor below 10"},
		{func(p *Policy) { p.Factor = 10 }, "factor 10 can never be reached: with objective 90% the highest burn rate " +
			"is 10 (all events bad); lower the factor below 10"},
		{func(p *Policy) { p.Factor = 0.93 }, "factor 0.93 fires while the budget is not being overspent; use 1 or more"},
		{func(p *Policy) { p.Long = 5 * time.Minute; p.Short = time.Hour }, "short 1h must be shorter than long 5m"},
		{func(p *Policy) { p.Short = time.Hour }, "short 1h must be shorter than long 1h"},
		{func(p *Policy) { p.Long = 31 * day }, "long 31d must not exceed the window of 30d"},
		{func(p *Policy) { p.Short = 30 * time.Second }, "short 30s is below the smallest window of 1m"},
		{func(p *Policy) { p.For = -time.Second }, "for -1s must not be negative"},
	} {
		p := good
		tc.change(&p)
		err := p.Check(targetOf(t, "90%"), 30*day)
		var fault *PolicyError
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, tc.want, err.Error())
		assert.Equal(t, "p", fault.Policy)
	}
	require.NoError(t, good.Check(targetOf(t, "90%"), 30*day))
}

func TestFormatWindow(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"5m": 5 * time.Minute, "90m": 90 * time.Minute, "6h": 6 * time.Hour, "1d": day, "36h": 36 * time.Hour,
		"30d": 30 * day, "10s": 10 * time.Second, "0s": 0, "1.5s": 1500 * time.Millisecond,
	} {
		assert.Equal(t, want, FormatWindow(d))
	}
}
