package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// report writes what the call costs and returns the exit code.
func report(out *strings.Builder, c *cost.Catalog, r *cost.Request) int {
	quote := c.Price(r)
	if quote.Status == cost.StatusUnpriced {
		fmt.Fprintf(out, "unpriced: %s%s\n", quote.Reason, advice(quote.Reason))
		return exitUnpriced
	}
	e := quote.Entry
	fmt.Fprintf(out, "price   %s\n", e.Ref)
	fmt.Fprintf(out, "why     %s\n", e.Why)
	fmt.Fprintf(out, "when    %s, %s tier%s\n", r.At.UTC().Format(time.RFC3339), quote.Tier, insteadOf(r.Tier, quote.Tier))
	if quote.Reason != cost.ReasonNone {
		fmt.Fprintf(out, "note    %s: %s\n", quote.Status, quote.Reason)
	}
	out.WriteByte('\n')
	lines(out, c.Lines(r))
	out.WriteByte('\n')
	parts(out, &quote)
	return exitPriced
}

func advice(why cost.Reason) string {
	switch why {
	case cost.ReasonUnknownProvider:
		return " (name one of the catalog with -provider, or add its prices with -catalog)"
	case cost.ReasonUnknownModel:
		return " (try -provider, or add its price with -catalog)"
	case cost.ReasonNoUsage:
		return " (say how much: -input, -output, …)"
	default:
		return ""
	}
}

// insteadOf says that the tier asked for has no price of its own.
func insteadOf(asked, got cost.ServiceTier) string {
	if asked == got {
		return ""
	}
	return fmt.Sprintf(" (no price for %s)", asked)
}

func lines(out *strings.Builder, list []cost.Line) {
	for _, l := range list {
		fmt.Fprintf(out, "%-24s %10s  at %5s per %s: %s USD\n",
			l.Unit, number(l.Count), number(l.Price), number(l.Unit.Per()), number(l.Amount))
	}
}

func parts(out *strings.Builder, q *cost.Quote) {
	for _, p := range []struct {
		name string
		usd  float64
	}{
		{"input", q.Cost.Input},
		{"cache read", q.Cost.CacheRead},
		{"cache write", q.Cost.CacheWrite},
		{"output", q.Cost.Output},
		{"of it reasoning", q.Cost.Reasoning},
		{"other", q.Cost.Other},
		{"saved by router", q.Savings.Router},
		{"saved by service tier", q.Savings.ServiceTier},
		{"saved by prompt cache", q.Savings.PromptCache},
	} {
		if p.usd != 0 {
			fmt.Fprintf(out, "%-24s %10s USD\n", p.name, number(p.usd))
		}
	}
	fmt.Fprintf(out, "%-24s %10s USD\n", "total", number(q.Cost.Total()))
}

// number writes a number without an exponent and without the dust of binary fractions.
func number(x float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return fmt.Sprint(x)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
