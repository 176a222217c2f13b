package rig

import (
	"fmt"
	"strconv"
	"time"
)

// maxRate keeps the example, the collector and the rest within a laptop.
const maxRate = 500

// ParseRate takes RATE, in runs a second.
func ParseRate(text string) (float64, error) {
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || !(rate > 0 && rate <= maxRate) {
		return 0, fmt.Errorf("RATE=%s: use more than 0 and at most %d runs per second, such as RATE=20", text, maxRate)
	}
	return rate, nil
}

const maxDuration = time.Hour

// ParseDuration takes a variable such as DURATION, in seconds or with a unit.
func ParseDuration(variable, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if seconds, bare := strconv.ParseFloat(text, 64); bare == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < time.Second || d > maxDuration {
		return 0, fmt.Errorf("%s=%s: use 1s to 1h, such as %s=30s or %s=30", variable, text, variable, variable)
	}
	return d, nil
}
