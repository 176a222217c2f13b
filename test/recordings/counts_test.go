package recordings_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

type runKey struct{ name, outcome string }

type callKey struct{ operation, provider, model, outcome string }

type modelKey struct{ provider, model string }

type toolKey struct{ name, outcome string }

// counts is what the collector counted of a recording.
type counts struct {
	spans  int64
	runs   map[runKey]int64
	calls  map[callKey]int64
	others map[string]int64 // calls of neither a model nor a tool, by operation
	tools  map[toolKey]int64
	tokens map[modelKey]map[string]int64
	cost   float64
	faults map[string]int64
	prices []tag
}

// send sends the requests to a fresh collector and returns what it counted once every
// trace is settled.
func send(t *testing.T, binary string, requests [][]byte, spans int) *counts {
	t.Helper()
	priced := filepath.Join(t.TempDir(), "priced.json")
	c := collectortest.Start(t, binary, "standalone",
		"yaml:exporters::file::path: "+priced,
		"yaml:service::pipelines::traces::exporters: [workflow_metrics, file]",
		"yaml:connectors::workflow_metrics::flush_interval: 100ms",
		"yaml:connectors::workflow_metrics::runs::roots: "+*roots,
		"yaml:connectors::workflow_metrics::runs::wait: 1s",
		"yaml:connectors::workflow_metrics::runs::idle: 1500ms")
	for _, body := range requests {
		require.Equal(t, 200, c.Send(t, body))
	}
	var own string
	require.Eventually(t, func() bool {
		own = c.Scrape(t, c.Own)
		n := total(own, "otelcol_connector_workflow_metrics_spans")
		return n >= float64(spans) && total(own, "otelcol_connector_workflow_metrics_open") == 0
	}, time.Minute, 100*time.Millisecond, "the collector did not settle")
	got := parse("", own)
	require.Eventually(t, func() bool {
		scrape, last := c.Scrape(t, c.Metrics), got.String()
		got = parse(scrape, own)
		shown := scrape != "" || total(own, "otelcol_connector_workflow_metrics_series") == 0
		return shown && got.String() == last
	}, time.Minute, 300*time.Millisecond, "the metrics did not come to rest")
	require.NoError(t, c.Stop())
	got.prices = tags(t, priced)
	return got
}

func parse(scrape, own string) *counts {
	c := &counts{
		runs: map[runKey]int64{}, calls: map[callKey]int64{}, others: map[string]int64{}, tools: map[toolKey]int64{},
		tokens: map[modelKey]map[string]int64{}, faults: map[string]int64{},
	}
	each(scrape, "workflow_runs_total", func(l map[string]string, v float64) {
		c.runs[runKey{l["workflow_name"], l["workflow_outcome"]}] += int64(v)
	})
	each(scrape, "workflow_calls_total", c.call)
	each(scrape, "workflow_tokens_total", func(l map[string]string, v float64) {
		k := modelKey{l["gen_ai_provider_name"], l["gen_ai_response_model"]}
		if c.tokens[k] == nil {
			c.tokens[k] = map[string]int64{}
		}
		c.tokens[k][l["gen_ai_token_type"]] += int64(v)
	})
	each(scrape, "workflow_cost_usd_total", func(_ map[string]string, v float64) { c.cost += v })
	each(own, "otelcol_connector_workflow_metrics_malformed", func(l map[string]string, v float64) { c.faults[l["reason"]] += int64(v) })
	c.spans = int64(total(own, "otelcol_connector_workflow_metrics_spans"))
	return c
}

func (c *counts) call(l map[string]string, v float64) {
	op := l["gen_ai_operation_name"]
	switch op {
	case "chat", "text_completion", "generate_content", "embeddings":
		c.calls[callKey{op, l["gen_ai_provider_name"], l["gen_ai_response_model"], l["workflow_outcome"]}] += int64(v)
	case "execute_tool":
		c.tools[toolKey{l["gen_ai_tool_name"], l["workflow_outcome"]}] += int64(v)
	default:
		c.others[op] += int64(v)
	}
}

// used returns how many tokens of the kind were counted.
func (c *counts) used(kind string) (n int64) {
	for _, of := range c.tokens {
		n += of[kind]
	}
	return n
}

// String draws the counts in one line.
func (c *counts) String() string {
	var b strings.Builder
	list(&b, "runs", c.runs, func(k runKey) string { return k.name + outcome(k.outcome) })
	list(&b, "calls", c.calls, func(k callKey) string {
		return k.operation + " " + k.provider + ":" + k.model + outcome(k.outcome)
	})
	list(&b, "tools", c.tools, func(k toolKey) string { return k.name + outcome(k.outcome) })
	list(&b, "others", c.others, func(k string) string { return k })
	fmt.Fprintf(&b, "tokens %d/%d", c.used("input"), c.used("output"))
	for _, kind := range []string{"cache_read", "cache_write", "reasoning"} {
		if n := c.used(kind); n > 0 {
			fmt.Fprintf(&b, " %s %d", kind, n)
		}
	}
	return b.String()
}

func outcome(word string) string {
	if word == "success" {
		return ""
	}
	return "!" + word
}

func list[K comparable](b *strings.Builder, title string, counted map[K]int64, name func(K) string) {
	var words []string
	for _, k := range slices.SortedFunc(maps.Keys(counted), func(x, y K) int { return strings.Compare(name(x), name(y)) }) {
		switch n := counted[k]; n {
		case 0:
		case 1:
			words = append(words, name(k))
		default:
			words = append(words, fmt.Sprintf("%s×%d", name(k), n))
		}
	}
	fmt.Fprintf(b, "%s [%s] ", title, strings.Join(words, ", "))
}

// each visits the samples of a metric in Prometheus' text format; the suffix _total is optional.
func each(scrape, metric string, visit func(labels map[string]string, v float64)) {
	for line := range strings.Lines(scrape) {
		rest, ok := strings.CutPrefix(line, metric)
		if !ok {
			continue
		}
		rest = strings.TrimPrefix(rest, "_total")
		if rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		labels, value := split(strings.TrimSpace(rest))
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			visit(labels, v)
		}
	}
}

func total(scrape, metric string) (sum float64) {
	each(scrape, metric, func(_ map[string]string, v float64) { sum += v })
	return sum
}

// split reads {a="b",c="d"} 3.
func split(sample string) (labels map[string]string, value string) {
	labels = map[string]string{}
	rest, ok := strings.CutPrefix(sample, "{")
	for ok && rest != "" && rest[0] != '}' {
		name, after, _ := strings.Cut(rest, "=")
		quoted, err := strconv.QuotedPrefix(after)
		if err != nil {
			return labels, ""
		}
		labels[name], _ = strconv.Unquote(quoted)
		rest = strings.TrimPrefix(after[len(quoted):], ",")
	}
	fields := strings.Fields(strings.TrimPrefix(rest, "}"))
	if len(fields) == 0 {
		return labels, ""
	}
	return labels, fields[0]
}
