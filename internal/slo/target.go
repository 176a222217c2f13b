package slo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// targetUnits is 100 % in the units of a Target: eleven decimals of a ratio, nine of a percentage. A float64
// holds that many digits of every number between 0 and 1.
const targetUnits = 100_000_000_000

// Target is the share of events that are to be good, a decimal number with nine digits after the point of the
// percentage. It is kept as written, since 1 - 0.9 is 0.09999999999999998 in binary and an error rate of
// exactly 10 % would seem to overspend a budget of 10 %. The zero Target is unusable, use [ParseTarget].
// A Target is a value, safe for concurrent use.
type Target struct {
	units int64 // in (0, targetUnits]
}

// TargetError says why a text is no target.
type TargetError struct {
	Text   string // as given
	Reason string // a sentence that names the text and the remedy
}

// Error is the reason.
func (e *TargetError) Error() string { return e.Reason }

// ParseTarget reads the target of an objective, "99.9%" or "0.999": above 0 % and below 100 %. The error is a
// *TargetError.
func ParseTarget(text string) (Target, error) {
	t, err := parseTarget("objective", text)
	if err != nil {
		return Target{}, err
	}
	if t.units == targetUnits {
		return Target{}, &TargetError{text, fmt.Sprintf(
			"objective %s leaves no error budget; use a value below 100%%, e.g. 99.99%%", text)}
	}
	return t, nil
}

// ParseSliceTarget reads the share of the events of a time slice that must be good for the slice to be good,
// as [ParseTarget] does, up to and including 100 %. The error is a *TargetError.
func ParseSliceTarget(text string) (Target, error) {
	return parseTarget("target", text)
}

// parseTarget reads a share above 0 % and up to 100 %; noun names it in errors.
func parseTarget(noun, text string) (Target, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	number = strings.TrimSpace(number)
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return Target{}, &TargetError{text, fmt.Sprintf("%s %q is not a number; write 99%% or 0.99", noun, text)}
	}
	whole := float64(targetUnits)
	if percent {
		whole /= 100
	}
	units := math.Round(value * whole)
	switch {
	case !percent && value > 1 && value < 100:
		return Target{}, &TargetError{text, fmt.Sprintf("%s %s is ambiguous; write %s%% or %s",
			noun, text, number, shortest(math.Round(value*whole/100)/whole))}
	case !(units > 0) || units > targetUnits:
		return Target{}, &TargetError{text, fmt.Sprintf("%s must be above 0%% and below 100%%, got %s", noun, text)}
	case units/whole != value:
		return Target{}, &TargetError{text, fmt.Sprintf(
			"%s %s has too many digits; a percentage may have nine after the point", noun, text)}
	}
	return Target{int64(units)}, nil
}

// Ratio returns the target as a number in (0, 1].
func (t Target) Ratio() float64 { return float64(t.units) / targetUnits }

// Budget returns the share of events that may be bad, 1 - Ratio, in [0, 1): the float64 nearest to the
// decimal number.
func (t Target) Budget() float64 { return float64(targetUnits-t.units) / targetUnits }

// MaxBurn returns the burn rate when all events are bad, 1 / Budget, above 1.
func (t Target) MaxBurn() BurnRate { return BurnRate(1 / t.Budget()) }

// Suspicious reports a target below 1 %, for which a percentage was perhaps written as 0.99%.
func (t Target) Suspicious() bool { return t.units < targetUnits/100 }

// String returns the target as a percentage, as 99.9%.
func (t Target) String() string {
	return shortest(float64(t.units)/(targetUnits/100)) + "%"
}

// shortest formats x with as few digits as tell it from its neighbours, without an exponent.
func shortest(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
