package sloprocessor

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// read decodes and checks a configuration as the Collector does.
func read(t *testing.T, text string) (*Config, error) {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	cfg := createDefaultConfig()
	if err := conf.Unmarshal(&cfg); err != nil {
		return nil, err
	}
	return cfg.(*Config), confmap.Validate(cfg)
}

// sound is an SLO as short as it can be. A case replaces or adds keys of it.
var sound = map[string]string{
	"name": "x", "objective": "99%", "sli": "{events: {metric: m, good: {s: ok}}}",
}

// one returns a configuration of one SLO that is sound but for the changes, which are lines
// of keys and values; an empty value removes the key.
func one(changes string) string {
	keys := maps.Clone(sound)
	for line := range strings.Lines(changes) {
		key, value, _ := strings.Cut(line, ":")
		keys[key] = strings.TrimSpace(value)
	}
	b := &strings.Builder{}
	b.WriteString("slos:\n  - {")
	for key, value := range keys {
		if value != "" {
			b.WriteString(key + ": " + value + ", ")
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// TestErrorsNameThePathShowTheValueAndSayTheFix is the table of every error that a
// configuration can have.
func TestErrorsNameThePathShowTheValueAndSayTheFix(t *testing.T) {
	for _, tc := range []struct{ changes, want string }{
		// The objective.
		{"objective: 100%", `slos[0] "x": objective 100% leaves no error budget; use a value below 100%, e.g. 99.99%`},
		{"objective: 1", `slos[0] "x": objective 1 leaves no error budget; use a value below 100%, e.g. 99.99%`},
		{"objective: -1", `slos[0] "x": objective must be above 0% and below 100%, got -1`},
		{"objective: 0", `slos[0] "x": objective must be above 0% and below 100%, got 0`},
		{"objective: 120%", `slos[0] "x": objective must be above 0% and below 100%, got 120%`},
		{"objective: 99", `slos[0] "x": objective 99 is ambiguous; write 99% or 0.99`},
		{"objective: high", `slos[0] "x": objective "high" is not a number; write 99% or 0.99`},
		{"objective: ", `slos[0] "x": needs an objective such as 99%`},
		{"objectives: [{name: a, target: 9%}]", `slos[0] "x": has both objective and objectives; give exactly one`},
		{
			"objective: \nobjectives: [{name: a, target: 99%}, {name: a, target: 95%}]",
			`slos[0] "x": objectives[1]: name "a" must be one of a kind and match ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`,
		},
		{
			"objective: \nobjectives: [{name: a, target: 99}]",
			`slos[0] "x": objectives[0]: objective 99 is ambiguous; write 99% or 0.99`,
		},

		// The indicator.
		{"sli: ", `slos[0] "x": sli needs exactly one of events, latency, gauge, ratio (found: none)`},
		{
			"sli: {events: {metric: m, good: {s: ok}}, latency: {metric: m, threshold: 1s}}",
			`slos[0] "x": sli needs exactly one of events, latency, gauge, ratio (found: events, latency)`,
		},
		{"sli: {ratio: {}}", `slos[0] "x": sli.ratio needs the name of a metric`},
		{"sli: {events: {metric: m, good: {a: b}, bad: {a: c}}}", `slos[0] "x": sli.events has both good and bad; give exactly one`},
		{"sli: {events: {metric: m}}", `slos[0] "x": sli.events needs good or bad`},
		{
			"sli: {events: {metric: m, good: {a: b}, total: {a: b}}}",
			`slos[0] "x": sli.events: good and total select the same points; the SLI would always be 100%`,
		},
		{
			"sli: {events: {metric: m, bad: {a: b}, total: {a: [b, b]}}}",
			`slos[0] "x": sli.events: bad and total select the same points; the SLI would always be 0%`,
		},
		{"sli: {events: {metric: m, good: {}}}", `slos[0] "x": sli.events: good and total select the same points; the SLI would always be 100%`},
		{"sli: {events: {metric: m, good: {a: []}}}", `slos[0] "x": sli.events.good: a has no value`},
		{"sli: {events: {metric: m, good: {a: {b: c}}}}", `slos[0] "x": sli.events.good: a must be a value or a list of them (got map[b:c])`},
		{
			`sli: {events: {metric: m, good: {s: ok}, total: {a: [b, "!c"]}}}`,
			`slos[0] "x": sli.events.total: a mixes values with and without !: use one or the other`,
		},
		{"sli: {latency: {metric: m, threshold: 30}}", `slos[0] "x": sli.latency.threshold 30 has no unit; write 30s or 30ms`},
		{"sli: {latency: {metric: m, threshold: -1s}}", `slos[0] "x": sli.latency.threshold must be a positive duration such as 30s or 500ms (got "-1s")`},
		{"sli: {latency: {metric: m}}", `slos[0] "x": sli.latency.threshold must be a positive duration such as 30s or 500ms (got "")`},
		{
			"sli: {latency: {metric: m, threshold: 1s, boundary: near}}",
			`slos[0] "x": sli.latency.boundary must be lower, upper or interpolate (got "near")`,
		},
		{"sli: {latency: {metric: m, threshold: 1s, filter: {a: []}}}", `slos[0] "x": sli.latency.filter: a has no value`},
		{"sli: {gauge: {metric: m}}", `slos[0] "x": sli.gauge.good needs equals, min or max`},
		{"sli: {gauge: {metric: m, good: {equals: 1, min: 0}}}", `slos[0] "x": sli.gauge.good has equals beside min or max; give one or the other`},
		{"sli: {gauge: {metric: m, good: {max: much}}}", `slos[0] "x": sli.gauge.good.max must be a number (got "much")`},
		{"sli: {gauge: {metric: m, good: {min: 2, max: 1}}}", `slos[0] "x": sli.gauge.good.min 2 is above max 1`},

		// The window.
		{"window: {rolling: 30d, calendar: month}", `slos[0] "x": window has both rolling and calendar`},
		{
			"window: {calendar: month, timezone: Europe/Berln}",
			`slos[0] "x": timezone "Europe/Berln" is not an IANA zone (did you mean Europe/Berlin?)`,
		},
		{"window: {calendar: month, timezone: Middle-earth}", `slos[0] "x": timezone "Middle-earth" is not an IANA zone`},
		{"window: {timezone: UTC}", `slos[0] "x": window has a timezone or start, which only a calendar has; add calendar: month`},
		{"window: {calendar: moon}", `slos[0] "x": window: calendar "moon" is not day, week, fortnight, month, quarter or year, nor a number of them such as 2w or 1M`},
		{"window: {calendar: 1m}", `slos[0] "x": window 1m is one minute (m = minute, M = month); smallest calendar is a day`},
		{"window: {calendar: 0d}", `slos[0] "x": window: calendar step 0 is outside [1, 3660]`},
		{"window: {calendar: month, start: tomorrow}", `slos[0] "x": window: start must be a day such as 2026-01-31 (got "tomorrow")`},
		{"window: 1m", `slos[0] "x": window 1m is one minute (m = minute, M = month); smallest window is 1h`},
		{"window: 1M", `slos[0] "x": window 1M is not a fixed length; use 30d, or calendar: month`},
		{"window: 30m", `slos[0] "x": window 30m is too short; smallest window is 1h`},
		{"window: 180d", `slos[0] "x": window 180d exceeds the maximum of 90d`},
		{"window: 30", `slos[0] "x": window must be a duration such as 30d, or a section with calendar (got "30")`},
		{"window: d", `slos[0] "x": window must be a duration such as 30d, or a section with calendar (got "d")`},

		// The budgeting.
		{"budgeting: {timeslices: 7m, target: 90%}", `slos[0] "x": timeslices 7m does not divide 1h; use 1m, 5m, 10m, 15m, 30m or 1h`},
		{"budgeting: {timeslices: 5m}", `slos[0] "x": budgeting: timeslices need a target: the share of good events that makes a slice good, such as 95%`},
		{"budgeting: {timeslices: 5m, target: 90}", `slos[0] "x": budgeting: target 90 is ambiguous; write 90% or 0.9`},
		{"budgeting: {timeslices: soon, target: 90%}", `slos[0] "x": budgeting: timeslices must be a duration such as 5m (got "soon")`},
		{"budgeting: {timeslices: 5m, target: 90%, no_data: skip}", `slos[0] "x": budgeting: no_data must be ignore, good or bad (got "skip")`},
		{"budgeting: {ratio_timeslices: 5m, target: 90%}", `slos[0] "x": budgeting: ratio_timeslices have no target; remove it`},
		{"budgeting: {ratio_timeslices: 5m, timeslices: 5m}", `slos[0] "x": budgeting needs exactly one of occurrences, timeslices, ratio_timeslices`},
		{"budgeting: {target: 90%}", `slos[0] "x": budgeting has a target or no_data, which only slices have; add timeslices: 5m`},
		{"budgeting: slices", `slos[0] "x": budgeting must be occurrences, or a section with timeslices or ratio_timeslices (got "slices")`},

		{"expected_events: many", `slos[0] "x": expected_events must be a number such as 10000, or previous (got "many")`},
		{"expected_events: 0", `slos[0] "x": expected_events must be a number such as 10000, or previous (got "0")`},
		{"expected_events: previous", `slos[0] "x": expected_events: only a calendar has a previous period; give a number, or window: {calendar: month}`},

		// Exclusions.
		{
			"exclusions: [{from: 2026-12-24T00:00:00Z, to: 2026-12-24T00:00:00Z}]",
			`slos[0] "x": exclusions[0]: to 2026-12-24T00:00:00Z must be after from 2026-12-24T00:00:00Z`,
		},
		{"exclusions: [{from: christmas}]", `slos[0] "x": exclusions[0]: from must be a time such as 2026-12-24T00:00:00Z (got "christmas")`},

		// Alerts.
		{"alerts: {min_bad_events: few}", `slos[0] "x": alerts.min_bad_events must be a whole number such as 3 (got "few")`},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 2, long: 5m, short: 1h}]}",
			`slos[0] "x": alerts.burn[0]: short 1h must be shorter than long 5m`,
		},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 2, long: 31d, short: 1h}]}",
			`slos[0] "x": alerts.burn[0]: long 31d must not exceed the window of 30d`,
		},
		{
			"objective: 90%\nalerts: {burn: [{name: a, severity: page, factor: 14.4, long: 1h, short: 5m}]}",
			`slos[0] "x": alerts.burn[0]: factor 14.4 can never be reached: with objective 90% the highest burn rate is 10 (all events bad); lower the factor below 10`,
		},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 0.93, long: 1h, short: 5m}]}",
			`slos[0] "x": alerts.burn[0]: factor 0.93 fires while the budget is not being overspent; use 1 or more`,
		},
		{"alerts: {burn: [{name: a, severity: page, factor: high}]}", `slos[0] "x": alerts.burn[0]: factor must be a number such as 14.4 (got "high")`},
		{"alerts: {burn: [{name: a, factor: 2, long: 1h}]}", `slos[0] "x": alerts.burn[0]: severity must be a word such as page or ticket`},
		{"alerts: {burn: [{name: a, severity: page, factor: 2, long: 1}]}", `slos[0] "x": alerts.burn[0]: long must be a duration such as 1h (got "1")`},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 2, long: 1h, short: 5}]}",
			`slos[0] "x": alerts.burn[0]: short must be a duration such as 5m (got "5")`,
		},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 2, long: 1h, for: soon}]}",
			`slos[0] "x": alerts.burn[0]: for must be a duration such as 5m (got "soon")`,
		},
		{
			"alerts: {burn: [{name: a, severity: page, factor: 2, long: 1h}, {name: a, severity: page, factor: 2, long: 1h}]}",
			`slos[0] "x": alerts.burn[1]: name "a" must be one of a kind`,
		},

		// Names.
		{"name: A b", `slos[0] "A b": name "A b" must match ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`},
		{"name: ", `slos[0] "": name "" must match ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`},
		{"group_by: [a, b, c, d, e, f, g]", `slos[0] "x": group_by has 7 keys; at most 5`},
		{"group_by: [slo.name]", `slos[0] "x": group_by key "slo.name" is reserved`},
		{"group_by: [job]", `slos[0] "x": group_by key "job" is reserved`},
		{"group_by: [a.b, a_b]", `slos[0] "x": group_by key "a_b" gives the same label twice; remove one`},
		{"labels: {slo.name: a}", `slos[0] "x": label "slo.name" is reserved`},
		{"group_by: [team]\nlabels: {team: a}", `slos[0] "x": label "team" is reserved`},
	} {
		t.Run(tc.changes, func(t *testing.T) {
			_, err := read(t, one(tc.changes))
			assert.EqualError(t, err, tc.want)
		})
	}
}

func TestErrorsOfTheWholeNameTheirKey(t *testing.T) {
	for text, want := range map[string]string{
		"flush_interval: 5m":    "flush_interval 5m is longer than 60s; exporters would drop the series as stale",
		"flush_interval: 10ms":  "flush_interval 10ms is shorter than 1s",
		"flush_interval: soon":  `flush_interval: must be a duration with its unit such as 15s (got "soon")`,
		"late_tolerance: 2h":    "late_tolerance 2h must be between 0s and 1h",
		"max_groups: 0":         "max_groups: must be at least 1 (got 0)",
		"max_groups: many":      `max_groups: must be a whole number such as 500 (got "many")`,
		"max_stale: -1s":        "max_stale: must be a positive duration such as 15s (got -1s)",
		"emit: [graphs]":        `emit::0: must be counters, derived, windows, sloth or pyrra (got "graphs")`,
		"emit: counters":        "emit: must be a list (got counters)",
		"slo: []":               "slo: no such key, there are storage, flush_interval",
		"slos: []":              "slos must not be empty",
		"slos: [a]":             "slos[0]: must be a section with name, service",
		"slos: [{sli: {x: 1}}]": "slos[0].sli.x: no such key, there are events, latency, gauge, ratio",
		"slos: [{sli: {ratio: {metric: m, invert: very}}}]": `slos[0].sli.ratio.invert: must be true or false (got "very")`,
		"storage: a b": "storage",
	} {
		t.Run(text, func(t *testing.T) {
			if !strings.HasPrefix(text, "slos") {
				text += "\n" + one("")
			}
			_, err := read(t, text)
			assert.ErrorContains(t, err, want)
		})
	}
}

func TestTheSecondOfTwoSLOsOfOneNameIsRefused(t *testing.T) {
	text := one("service: y")
	_, err := read(t, text+strings.TrimPrefix(text, "slos:\n"))
	require.EqualError(t, err, `slos[1]: name "x" in service "y" is already used by slos[0]`)
	_, err = read(t, text+strings.TrimPrefix(one("service: z"), "slos:\n"))
	assert.NoError(t, err, "two services may have one of that name")
}

func TestAllThatIsWrongIsTold(t *testing.T) {
	_, err := read(t, one("name: A\nobjective: 100%\nwindow: 1m"))
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
}
