package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// question is what the user asks.
type question struct {
	cost.Request
	files     []string
	fx        map[string][]cost.Rate
	noBuiltin bool
	raw       bool
	litellm   string // a price file to convert, instead of a question
}

const synopsis = `usage: workflow-price [flags] MODEL

What does a call of MODEL cost, and why? MODEL is the name on the span, or provider/model.

`

// helpError is the help that was asked for.
type helpError string

func (h helpError) Error() string { return string(h) }

// parse reads the command line. The error says what to write instead.
func parse(args []string, now time.Time) (*question, error) {
	q := &question{Request: cost.Request{At: now}}
	flags := flag.NewFlagSet("workflow-price", flag.ContinueOnError)
	var help strings.Builder
	flags.SetOutput(io.Discard)
	flags.StringVar(&q.Provider, "provider", "", "gen_ai.provider.name, such as aws.bedrock (default: told by the model)")
	flags.StringVar(&q.Endpoint, "endpoint", "", "server address, told apart where there is no provider")
	flags.StringVar(&q.Baseline, "baseline", "", "provider/model that a router would have called otherwise")
	flags.BoolVar(&q.noBuiltin, "no-builtin", false, "without the embedded prices")
	flags.BoolVar(&q.raw, "raw", false, "the counts are as the API of -provider reports them: Anthropic's input is without the cache, Gemini's output without reasoning")
	flags.StringVar(&q.litellm, "convert-litellm", "", "print this price `file` of LiteLLM as one for -catalog, instead of a price")
	flags.Func("catalog", "price `file` on top of the embedded prices (repeatable)", func(path string) error {
		q.files = append(q.files, path)
		return nil
	})
	flags.Func("fx", "`currency=number` of US dollars for one, such as EUR=1.08, of price files in that currency (repeatable)", q.setRate)
	flags.Func("tier", "service tier: standard, batch, flex, priority or fast", q.setTier)
	flags.Func("at", "`time` of the call, as 2026-09-30 or 2026-09-30T12:00:00Z (default: now)", q.setTime)
	for name, unit := range countFlags {
		flags.Func(name, unitUsage[unit], func(text string) error { return q.setCount(unit, text) })
	}
	flags.Func("count", "`unit=number`, such as web_searches=3 (repeatable)", q.setUnit)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(&help)
			flags.PrintDefaults()
			return nil, helpError(synopsis + help.String())
		}
		return nil, err
	}
	if q.litellm != "" {
		if flags.NArg() > 0 {
			return nil, errors.New("-convert-litellm takes no MODEL")
		}
		return q, nil
	}
	if flags.NArg() != 1 {
		return nil, fmt.Errorf("needs exactly one MODEL after the flags, got %d: see workflow-price -h", flags.NArg())
	}
	q.Model = flags.Arg(0)
	if q.raw {
		return q, q.convertUsage()
	}
	return q, q.checkUsage()
}

// convertUsage brings counts of a provider's API to the inclusive form.
func (q *question) convertUsage() error {
	said := cost.Said{Usage: q.Usage, Provider: q.Provider, Convention: cost.ConventionOfAPI(q.Provider)}
	if said.Convention == (cost.Convention{}) {
		return fmt.Errorf("-raw: how the API of provider %q counts is not known: name it with -provider as gen_ai.provider.name does, or leave -raw out", q.Provider)
	}
	q.Usage = said.Normalise().Usage
	return nil
}

// countFlags are the units that have a flag of their own.
var countFlags = map[string]cost.Unit{
	"input": cost.Input, "output": cost.Output, "cache-read": cost.CacheRead, "cache-write": cost.CacheWrite,
	"cache-write-1h": cost.CacheWrite1h, "reasoning": cost.OutputReasoning,
}

var unitUsage = map[cost.Unit]string{
	cost.Input:           "`tokens` of the prompt, with those of the cache",
	cost.Output:          "`tokens` of the answer, with those of reasoning",
	cost.CacheRead:       "`tokens` of the input that were read from a cache",
	cost.CacheWrite:      "`tokens` of the input that were written to a cache",
	cost.CacheWrite1h:    "`tokens` of -cache-write that are kept for an hour",
	cost.OutputReasoning: "`tokens` of the output that were reasoning",
}

func (q *question) setTier(name string) error {
	tier, ok := cost.ParseServiceTier(name)
	if !ok {
		return errors.New("must be standard, batch, flex, priority or fast")
	}
	q.Tier = tier
	return nil
}

func (q *question) setRate(text string) error {
	code, number, ok := strings.Cut(text, "=")
	usd, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil {
		return errors.New("must be currency=number, such as EUR=1.08")
	}
	if q.fx == nil {
		q.fx = map[string][]cost.Rate{}
	}
	q.fx[code] = []cost.Rate{{USD: usd}}
	return nil
}

func (q *question) setTime(text string) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			q.At = at
			return nil
		}
	}
	return errors.New("must be a time such as 2026-09-30 or 2026-09-30T12:00:00Z")
}

func (q *question) setCount(unit cost.Unit, text string) error {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
		return errors.New("must be a number of 0 or more")
	}
	q.Usage[unit] = n
	return nil
}

func (q *question) setUnit(text string) error {
	name, number, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("must be unit=number, such as web_searches=3")
	}
	names := make([]string, cost.UnitCount)
	for unit := range cost.UnitCount {
		if unit.String() == name {
			return q.setCount(unit, number)
		}
		names[unit] = unit.String()
	}
	return fmt.Errorf("unknown unit %q (known: %s)", name, strings.Join(names, ", "))
}

// checkUsage refuses counts that cannot be: a mistake is better told than mended here.
func (q *question) checkUsage() error {
	said := cost.Said{Usage: q.Usage, Convention: cost.Convention{Cache: cost.Inside, Reasoning: cost.Inside}}
	if said.Normalise().Reason == cost.ReasonInconsistentUsage {
		return errors.New("a part exceeds its whole: -input counts the cache too, -output the reasoning, -cache-write what is kept for an hour")
	}
	return nil
}
