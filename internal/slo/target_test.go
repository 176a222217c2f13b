package slo

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTargetIsExact(t *testing.T) {
	for _, tc := range []struct {
		text          string
		ratio, budget float64
		shown         string
	}{
		{"99%", 0.99, 0.01, "99%"},
		{"99.5%", 0.995, 0.005, "99.5%"},
		{"0.999", 0.999, 0.001, "99.9%"},
		{"99.95%", 0.9995, 0.0005, "99.95%"},
		{"0.9999", 0.9999, 0.0001, "99.99%"},
		{"99.999%", 0.99999, 1e-5, "99.999%"},
		{"90 %", 0.9, 0.1, "90%"}, // 1 - 0.9 is 0.09999999999999998
		{" 0.3 ", 0.3, 0.7, "30%"},
		{"33.333333333%", 0.33333333333, 0.66666666667, "33.333333333%"},
	} {
		got, err := ParseTarget(tc.text)
		require.NoError(t, err, tc.text)
		assert.InDelta(t, tc.ratio, got.Ratio(), 0, tc.text)
		assert.InDelta(t, tc.budget, got.Budget(), 0, tc.text)
		assert.Equal(t, tc.shown, got.String())
	}
}

func TestTargetErrors(t *testing.T) {
	for text, want := range map[string]string{
		"100%":            "objective 100% leaves no error budget; use a value below 100%, e.g. 99.99%",
		"1":               "objective 1 leaves no error budget; use a value below 100%, e.g. 99.99%",
		"0":               "objective must be above 0% and below 100%, got 0",
		"-1":              "objective must be above 0% and below 100%, got -1",
		"101%":            "objective must be above 0% and below 100%, got 101%",
		"100":             "objective must be above 0% and below 100%, got 100",
		"Inf":             "objective must be above 0% and below 100%, got Inf",
		"NaN":             "objective must be above 0% and below 100%, got NaN",
		"99":              "objective 99 is ambiguous; write 99% or 0.99",
		"99.9":            "objective 99.9 is ambiguous; write 99.9% or 0.999",
		"":                `objective "" is not a number; write 99% or 0.99`,
		"most":            `objective "most" is not a number; write 99% or 0.99`,
		"99.99999999999%": "objective 99.99999999999% has too many digits; a percentage may have nine after the point",
	} {
		_, err := ParseTarget(text)
		var fault *TargetError
		require.ErrorAs(t, err, &fault, text)
		assert.Equal(t, want, err.Error())
		assert.Equal(t, text, fault.Text)
	}
}

func TestSliceTargetMayBeAll(t *testing.T) {
	got, err := ParseSliceTarget("100%")
	require.NoError(t, err)
	assert.InDelta(t, 1, got.Ratio(), 0)
	_, err = ParseSliceTarget("0")
	require.EqualError(t, err, "target must be above 0% and below 100%, got 0")
}

func TestTargetBelowOnePercentIsSuspicious(t *testing.T) {
	assert.True(t, targetOf(t, "0.99%").Suspicious())
	assert.False(t, targetOf(t, "1%").Suspicious())
	assert.False(t, targetOf(t, "0.99").Suspicious())
}

// OpenObserve gives 16.67 for 94 %.
func TestMaxBurn(t *testing.T) {
	assert.InDelta(t, 16.67, float64(targetOf(t, "94%").MaxBurn()), 0.005)
	assert.InDelta(t, 1000, float64(targetOf(t, "99.9%").MaxBurn()), 1e-9)
}

func FuzzParseTarget(f *testing.F) {
	for _, text := range []string{"99%", "0.999", "1e-3", "0x1p-2", "%", "99%%", "-0", "١٪", "1_0%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		target, err := ParseTarget(text)
		if err != nil {
			var fault *TargetError
			if !errors.As(err, &fault) {
				t.Fatalf("%T is no *TargetError", err)
			}
			return
		}
		if b := target.Budget(); !(b > 0 && b < 1) {
			t.Fatalf("%q has budget %v", text, b)
		}
		again, err := ParseTarget(target.String())
		if err != nil || again != target {
			t.Fatalf("%q is shown as %s, which is %v, %v", text, target, again, err)
		}
	})
}

// A rate of errors equal to the budget burns at 1 and not above, whatever the target and the traffic.
func TestBurnRateHasNoNoise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := Target{rapid.Int64Range(1, 9999).Draw(t, "parts") * (targetUnits / 10000)}
		scale := rapid.Float64Range(1, 1e6).Draw(t, "scale")
		factor := BurnRate(rapid.Float64Range(1, 100).Draw(t, "factor"))
		total := math.Floor(scale) * 10000
		bad := total * target.Budget() * float64(factor)
		if bad > total {
			return
		}
		rate, ok := Counts{total - bad, total}.BurnRate(target)
		require.True(t, ok)
		require.False(t, rate.exceeds(factor), "%v above %v", rate, factor)
		more, _ := Counts{total - bad*1.0001, total}.BurnRate(target)
		require.True(t, more.exceeds(factor), "%v not above %v", more, factor)
	})
}
