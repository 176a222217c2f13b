package sloprocessor

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// kind is how an indicator tells good events from bad ones.
type kind uint8

const (
	kindEvents kind = iota
	kindLatency
	kindGauge
	kindRatio
)

// indicator says which points are about an SLO and how many of their events are good.
type indicator struct {
	kind   kind
	metric string
	filter filter // of the points that count

	chosen filter // of events: the points that are good, or, if invert, bad
	invert bool   // of events and ratios: what is chosen is bad

	threshold time.Duration // of latency
	boundary  boundary      // of latency

	low, high float64 // of gauges: the range that is good
}

// boundary says how the bucket of a threshold counts in both kinds of histogram.
type boundary struct{ explicit, exponential slo.Boundary }

// String writes the indicator in the one way that means the same. State belongs to it.
func (in *indicator) String() string {
	return fmt.Sprintf("%d %q %s|%s|%v %v %v %v %v",
		in.kind, in.metric, in.filter, in.chosen, in.invert, in.threshold, in.boundary, in.low, in.high)
}

// compile reads the one way in which the SLI says what is good. Errors of the four kinds begin
// with what joins them to the key of their kind: " needs good or bad", ".threshold 30 has no unit".
func (c *SLIConfig) compile() (indicator, error) {
	var found []string
	var in indicator
	var err error
	if c.Events != nil {
		found = append(found, "events")
		in, err = c.Events.compile()
	}
	if c.Latency != nil {
		found = append(found, "latency")
		in, err = c.Latency.compile()
	}
	if c.Gauge != nil {
		found = append(found, "gauge")
		in, err = c.Gauge.compile()
	}
	if c.Ratio != nil {
		found = append(found, "ratio")
		in, err = c.Ratio.compile()
	}
	switch {
	case len(found) == 0:
		return in, errors.New("sli needs exactly one of events, latency, gauge, ratio (found: none)")
	case len(found) > 1:
		return in, fmt.Errorf("sli needs exactly one of events, latency, gauge, ratio (found: %s)", strings.Join(found, ", "))
	case err == nil && in.metric == "":
		return in, fmt.Errorf("sli.%s needs the name of a metric", found[0])
	case err != nil:
		return in, fmt.Errorf("sli.%s%w", found[0], err)
	}
	return in, nil
}

func (c *EventsConfig) compile() (in indicator, err error) {
	in = indicator{kind: kindEvents, metric: c.Metric, invert: c.Bad != nil}
	if c.Good != nil && c.Bad != nil {
		return in, errors.New(" has both good and bad; give exactly one")
	}
	if c.Good == nil && c.Bad == nil {
		return in, errors.New(" needs good or bad")
	}
	word, chosen := "good", c.Good
	if in.invert {
		word, chosen = "bad", c.Bad
	}
	if in.chosen, err = chosen.compile(); err != nil {
		return in, fmt.Errorf(".%s: %w", word, err)
	}
	if in.filter, err = c.Total.compile(); err != nil {
		return in, fmt.Errorf(".total: %w", err)
	}
	if in.chosen.within(in.filter) {
		share := map[bool]string{false: "100%", true: "0%"}[in.invert]
		return in, fmt.Errorf(": %s and total select the same points; the SLI would always be %s", word, share)
	}
	return in, nil
}

func (c *LatencyConfig) compile() (in indicator, err error) {
	in = indicator{kind: kindLatency, metric: c.Metric}
	if in.threshold, err = threshold(c.Threshold); err != nil {
		return in, err
	}
	if in.boundary, err = boundaryOf(c.Boundary); err != nil {
		return in, err
	}
	in.filter, err = filterOf(c.Filter)
	return in, err
}

func threshold(text string) (time.Duration, error) {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return 0, fmt.Errorf(".threshold %s has no unit; write %ss or %sms", text, text, text)
	}
	d, err := parseDuration(text)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf(".threshold must be a positive duration such as 30s or 500ms (got %q)", text)
	}
	return d, nil
}

func boundaryOf(word string) (boundary, error) {
	switch word {
	case "":
		return boundary{explicit: slo.Lower, exponential: slo.Interpolate}, nil
	case "lower":
		return boundary{slo.Lower, slo.Lower}, nil
	case "upper":
		return boundary{slo.Upper, slo.Upper}, nil
	case "interpolate":
		return boundary{slo.Interpolate, slo.Interpolate}, nil
	}
	return boundary{}, fmt.Errorf(".boundary must be lower, upper or interpolate (got %q)", word)
}

func filterOf(f Filter) (filter, error) {
	out, err := f.compile()
	if err != nil {
		return nil, fmt.Errorf(".filter: %w", err)
	}
	return out, nil
}

func (c *GaugeConfig) compile() (in indicator, err error) {
	in = indicator{kind: kindGauge, metric: c.Metric, low: math.Inf(-1), high: math.Inf(1)}
	if err = c.Good.into(&in); err != nil {
		return in, err
	}
	in.filter, err = filterOf(c.Filter)
	return in, err
}

func (c *GoodConfig) into(in *indicator) error {
	if c.Equals == "" && c.Min == "" && c.Max == "" {
		return errors.New(".good needs equals, min or max")
	}
	if c.Equals != "" && (c.Min != "" || c.Max != "") {
		return errors.New(".good has equals beside min or max; give one or the other")
	}
	for _, bound := range []struct {
		key, text string
		to        []*float64
	}{
		{"equals", c.Equals, []*float64{&in.low, &in.high}},
		{"min", c.Min, []*float64{&in.low}},
		{"max", c.Max, []*float64{&in.high}},
	} {
		if bound.text == "" {
			continue
		}
		v, err := gaugeValue(bound.text)
		if err != nil {
			return fmt.Errorf(".good.%s %w", bound.key, err)
		}
		for _, to := range bound.to {
			*to = v
		}
	}
	if in.low > in.high {
		return fmt.Errorf(".good.min %s is above max %s", c.Min, c.Max)
	}
	return nil
}

// gaugeValue reads a number; true and false are those of a gauge that is 1 or 0.
func gaugeValue(text string) (float64, error) {
	switch text {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("must be a number (got %q)", text)
	}
	return v, nil
}

func (c *RatioConfig) compile() (in indicator, err error) {
	in = indicator{kind: kindRatio, metric: c.Metric, invert: bool(c.Invert)}
	in.filter, err = filterOf(c.Filter)
	return in, err
}
