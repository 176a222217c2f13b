package recordings_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// unknownWorkflow is the collector's name for the workflow of a run that has none.
const unknownWorkflow = "unknown_workflow"

// vendors are the names which manifests use for vendors that sell under several provider
// names of OpenTelemetry.
var vendors = map[string][]string{
	"google":  {"gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai"},
	"mistral": {"mistral_ai"},
}

func sameProvider(want *string, got string) bool {
	return want == nil || *want == got || slices.Contains(vendors[*want], got)
}

// compare returns what differs from the answer; spans tell what a run without a name may be called.
func (a *answer) compare(got *counts, spans tree) (wrong []string) {
	wrong = append(wrong, a.compareRuns(maps.Clone(got.runs), spans.tops())...)
	wrong = append(wrong, a.compareTools(maps.Clone(got.tools))...)
	return append(wrong, a.compareCalls(got)...)
}

func (a *answer) compareRuns(left map[runKey]int64, tops map[string]bool) (wrong []string) {
	nameless := func(name string) bool { return name == unknownWorkflow || tops[name] }
	for _, named := range []bool{true, false} { // those with a name take theirs first
		for _, r := range a.Runs {
			if (r.Name != nil) != named {
				continue
			}
			if !take(left, func(k runKey) bool {
				return k.outcome == r.Outcome && (named && k.name == *r.Name || !named && nameless(k.name))
			}) {
				wrong = append(wrong, "no run "+show(r.Name)+" "+r.Outcome)
			}
		}
	}
	return append(wrong, extra("run", left)...)
}

func (a *answer) compareTools(left map[toolKey]int64) (wrong []string) {
	for _, expected := range a.Tools {
		name, failed := strings.CutSuffix(expected, " (ERROR)")
		if !take(left, func(k toolKey) bool { return k.name == name && (!failed || k.outcome == "error") }) {
			wrong = append(wrong, "no tool call "+expected)
		}
	}
	return append(wrong, extra("tool call", left)...)
}

func (a *answer) compareCalls(got *counts) (wrong []string) {
	left := maps.Clone(got.calls)
	sums, vague := map[modelKey]*expectedCall{}, map[modelKey]bool{}
	embeddings := false
	for blanks := range 3 { // those that say most take theirs first
		for i := range a.Calls {
			c := &a.Calls[i]
			if c.blanks() != blanks {
				continue
			}
			k, ok := taken(left, func(k callKey) bool {
				return sameProvider(c.Provider, k.provider) && (c.Model == nil || *c.Model == k.model) &&
					(c.Outcome == "" || c.Outcome == k.outcome) && (c.Operation == "" || c.Operation == k.operation)
			})
			if !ok {
				wrong = append(wrong, "no call "+show(c.Provider)+":"+show(c.Model)+" "+c.Outcome)
				continue
			}
			of := modelKey{k.provider, k.model}
			vague[of] = vague[of] || blanks > 0
			embeddings = embeddings || k.operation == "embeddings"
			add(sums, of, c)
			add(sums, all, c)
		}
	}
	if !embeddings {
		maps.DeleteFunc(left, func(k callKey, _ int64) bool { return k.operation == "embeddings" })
	}
	wrong = append(wrong, extra("call", left)...)
	for _, of := range slices.SortedFunc(maps.Keys(sums), func(x, y modelKey) int { return len(x.model) - len(y.model) }) {
		if want := sums[of]; !vague[of] {
			wrong = append(wrong, want.compareTokens(of, got)...)
		}
	}
	return append(append(wrong, a.compareCost(got)...), a.comparePrices(got.prices)...)
}

// all stands for the models of a recording together.
var all = modelKey{model: "all models"}

// add sums the tokens of the calls of one model.
func add(sums map[modelKey]*expectedCall, of modelKey, c *expectedCall) {
	s := sums[of]
	if s == nil {
		s = &expectedCall{}
		sums[of] = s
	}
	s.Input += c.Input
	s.Output += c.Output
	s.Reasoning += c.Reasoning
	s.CacheRead += c.CacheRead
	s.CacheWrite += c.CacheWrite
}

func (c *expectedCall) compareTokens(of modelKey, got *counts) (wrong []string) {
	used := func(kind string) int64 {
		if of == all {
			return got.used(kind)
		}
		return got.tokens[of][kind]
	}
	kinds := map[string]int64{"input": c.Input, "output": c.Output, "reasoning": c.Reasoning}
	if !c.contradicts() {
		kinds["cache_read"], kinds["cache_write"] = c.CacheRead, c.CacheWrite
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if n := used(kind); n != kinds[kind] {
			wrong = append(wrong, fmt.Sprintf("%s tokens of %q: %d instead of %d", kind, of.model, n, kinds[kind]))
		}
	}
	return wrong
}

// compareCost compares what the calls themselves say that they cost.
func (a *answer) compareCost(got *counts) []string {
	want, said := 0.0, false
	for _, c := range a.Calls {
		if c.Cost != nil {
			want, said = want+*c.Cost, true
		}
	}
	reported := 0.0
	for _, p := range got.prices {
		if p.source == "reported" {
			reported += p.usd
		}
	}
	if said && math.Abs(reported-want) > 1e-9 {
		return []string{fmt.Sprintf("reported cost %g instead of %g", reported, want)}
	}
	return nil
}

// invariants returns what can hold of no input.
func (spans tree) invariants(got *counts) (wrong []string) {
	if got.spans != int64(len(spans)) {
		wrong = append(wrong, fmt.Sprintf("%d spans seen of %d", got.spans, len(spans)))
	}
	for _, kind := range []struct {
		name string
		keys []string
	}{{"input", inputKeys}, {"output", outputKeys}} {
		if n, least := got.used(kind.name), spans.lowest(kind.keys); n < least {
			wrong = append(wrong, fmt.Sprintf("%s tokens: %d, but the lowest spans state %d", kind.name, n, least))
		}
	}
	given := spans.faults()
	for _, reason := range slices.Sorted(maps.Keys(got.faults)) {
		if got.faults[reason] > 0 && !given[reason] {
			wrong = append(wrong, "the file gives no reason for "+reason)
		}
	}
	if spans.genAI() && sum(got.runs)+sum(got.calls)+sum(got.tools)+sum(got.others) == 0 {
		wrong = append(wrong, "neither a run nor a call in spans of GenAI")
	}
	return wrong
}

func sum[K comparable](counted map[K]int64) (n int64) {
	for _, v := range counted {
		n += v
	}
	return n
}

func take[K comparable](left map[K]int64, match func(K) bool) bool {
	_, ok := taken(left, match)
	return ok
}

// taken removes one of what matches and returns its key.
func taken[K comparable](left map[K]int64, match func(K) bool) (key K, ok bool) {
	for k, n := range left {
		if n > 0 && match(k) {
			left[k]--
			return k, true
		}
	}
	return key, false
}

func extra[K comparable](what string, left map[K]int64) (wrong []string) {
	for k, n := range left {
		if n > 0 {
			wrong = append(wrong, fmt.Sprintf("%d too many of %s %v", n, what, k))
		}
	}
	slices.Sort(wrong)
	return wrong
}

func show(s *string) string {
	if s == nil {
		return "(unknown)"
	}
	return *s
}
