package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var now = time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)

func ask(args ...string) (code int, stdout, stderr string) {
	stdout, stderr, code = run(args, now)
	return code, stdout, stderr
}

// A whole answer: which entry, why, what each count comes to, and the sum.
func TestAnswer(t *testing.T) {
	code, out, errs := ask("-input", "12000", "-cache-read", "5000", "-cache-write", "6000", "-cache-write-1h", "2000",
		"-output", "1000", "-reasoning", "400", "anthropic/claude-sonnet-4-20250514")
	assert.Equal(t, exitPriced, code)
	assert.Empty(t, errs)
	assert.Equal(t, strings.TrimPrefix(`
price   genai-prices@0.1.8/anthropic/claude-sonnet-4-0
why     anthropic by the prefix of the name, in the list of anthropic
when    2026-09-30T12:00:00Z, standard tier

cache_write_1h_tokens          2000  at     6 per 1000000: 0.012 USD
cache_read_tokens              5000  at   0.3 per 1000000: 0.0015 USD
cache_write_tokens             4000  at  3.75 per 1000000: 0.015 USD
input_tokens                   1000  at     3 per 1000000: 0.003 USD
output_tokens                  1000  at    15 per 1000000: 0.015 USD

input                         0.003 USD
cache read                   0.0015 USD
cache write                   0.027 USD
output                        0.015 USD
of it reasoning               0.006 USD
saved by prompt cache        0.0045 USD
total                        0.0465 USD
`, "\n"), out)
}

func TestAnswers(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "own.json")
	require.NoError(t, os.WriteFile(own, []byte(`{"prices": [{"provider": "corp", "model": {"equals": "llama"}, "prices": {"input_mtok": 1e-6}}]}`), 0o600))
	euros := filepath.Join(dir, "euros.json")
	require.NoError(t, os.WriteFile(euros, []byte(`{"currency": "EUR", "prices": [{"provider": "corp", "model": {"equals": "llama"}, "prices": {"input_mtok": 4}}]}`), 0o600))
	broken := filepath.Join(dir, "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"prices": [{}]}`), 0o600))
	for _, tc := range []struct {
		name    string
		args    []string
		code    int
		outs    []string
		errText string
	}{
		{"help", []string{"-h"}, exitPriced, []string{"usage: workflow-price [flags] MODEL", "-cache-write-1h tokens"}, ""},
		{"a tier", []string{"-tier", "batch", "-input", "1e6", "anthropic/claude-haiku-4-5"}, exitPriced, []string{"batch tier\n", "saved by service tier           0.5 USD", "total                           0.5 USD"}, ""},
		{"a tier without a price", []string{"-tier", "fast", "-input", "1e6", "gpt-4o"}, exitPriced, []string{"standard tier (no price for fast)"}, ""},
		{"a date", []string{"-at", "2025-06-01", "-input", "1e6", "o3"}, exitPriced, []string{"2025-06-01T00:00:00Z", "total                            10 USD"}, ""},
		{"a time of day", []string{"-at", "2025-06-01T17:00:00Z", "-input", "1e6", "deepseek-chat"}, exitPriced, []string{"0.135 USD"}, ""},
		{"a baseline", []string{"-baseline", "openai/gpt-4o", "-input", "1e6", "gpt-4o-mini"}, exitPriced, []string{"saved by router                2.35 USD"}, ""},
		{"other counts", []string{"-count", "web_searches=3", "-input", "10", "-provider", "openai", "gpt-4o"}, exitPriced, []string{"other                          0.03 USD"}, ""},
		{"a part without a price", []string{"-count", "web_searches=3", "-input", "10", "gpt-3.5-turbo"}, exitPriced, []string{"note    partial: no_price_for_key"}, ""},
		{"counts of Anthropic's API", []string{"-raw", "-provider", "anthropic", "-input", "17", "-cache-write", "7082", "-output", "5", "claude-haiku-4-5"}, exitPriced, []string{"total                     0.0088945 USD"}, ""},
		{"counts of nobody's API", []string{"-raw", "-input", "17", "claude-haiku-4-5"}, exitUsage, nil, `-raw: how the API of provider "" counts is not known`},
		{"an endpoint", []string{"-endpoint", "api.groq.com", "-input", "10", "llama-3.3-70b-versatile"}, exitPriced, []string{"groq/llama-3.3-70b-versatile"}, ""},
		{"an own file", []string{"-no-builtin", "-catalog", own, "-provider", "corp", "-input", "1e12", "llama"}, exitPriced, []string{"price   own/corp/llama", "total                             1 USD"}, "looks like a price per token"},
		{"a file in euros", []string{"-catalog", euros, "-fx", "EUR=1.25", "-provider", "corp", "-input", "1e6", "llama"}, exitPriced, []string{"total                             5 USD"}, ""},
		{"a file in euros without a rate", []string{"-catalog", euros, "-provider", "corp", "llama"}, exitUsage, nil, "catalog.files[0]: currency: EUR needs fx.EUR"},
		{"no rate", []string{"-fx", "EUR", "x"}, exitUsage, nil, "must be currency=number, such as EUR=1.08"},
		{"an unknown model", []string{"-input", "5", "-provider", "openai", "gpt-99"}, exitUnpriced, []string{"unpriced: unknown_model (try -provider"}, ""},
		{"an unknown provider", []string{"-input", "5", "-provider", "corp", "gpt-4o"}, exitUnpriced, []string{"unpriced: unknown_provider (name one"}, ""},
		{"nothing counted", []string{"gpt-4o"}, exitUnpriced, []string{"unpriced: no_usage (say how much"}, ""},
		{"counted otherwise than priced", []string{"-output", "5", "-provider", "openai", "whisper-1"}, exitUnpriced, []string{"unpriced: no_price_for_key\n"}, ""},
		{"no model", nil, exitUsage, nil, "needs exactly one MODEL after the flags, got 0: see workflow-price -h"},
		{"two models", []string{"a", "b"}, exitUsage, nil, "needs exactly one MODEL after the flags, got 2"},
		{"an unknown flag", []string{"-model", "x"}, exitUsage, nil, "flag provided but not defined: -model"},
		{"an unknown tier", []string{"-tier", "bulk", "x"}, exitUsage, nil, "must be standard, batch, flex, priority or fast"},
		{"no time", []string{"-at", "today", "x"}, exitUsage, nil, "must be a time such as 2026-09-30 or 2026-09-30T12:00:00Z"},
		{"no number", []string{"-input", "many", "x"}, exitUsage, nil, "must be a number of 0 or more"},
		{"a negative number", []string{"-input", "-1", "x"}, exitUsage, nil, "must be a number of 0 or more"},
		{"no unit", []string{"-count", "3", "x"}, exitUsage, nil, "must be unit=number, such as web_searches=3"},
		{"an unknown unit", []string{"-count", "apples=3", "x"}, exitUsage, nil, `unknown unit "apples" (known: input_tokens, `},
		{"more read than there was", []string{"-input", "5", "-cache-read", "6", "gpt-4o"}, exitUsage, nil, "a part exceeds its whole"},
		{"an unknown baseline", []string{"-input", "5", "-baseline", "gpt-4o", "gpt-4o"}, exitUsage, nil, `-baseline: model "gpt-4o" is not in the catalog`},
		{"a file that is not there", []string{"-catalog", "no/such.json", "x"}, exitUsage, nil, "open no/such.json: no such file or directory"},
		{"a broken file", []string{"-catalog", broken, "x"}, exitUsage, nil, "prices[0].model: exactly one of equals, prefix, glob, regex is required"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, errs := ask(tc.args...)
			assert.Equal(t, tc.code, code, out+errs)
			for _, want := range tc.outs {
				assert.Contains(t, out, want)
			}
			if tc.errText == "" {
				assert.Empty(t, errs)
			}
			assert.Contains(t, errs, tc.errText)
		})
	}
}

func TestNumber(t *testing.T) {
	for _, tc := range []struct {
		x    float64
		want string
	}{{0, "0"}, {0.1 + 0.2, "0.3"}, {1e-9, "0.000000001"}, {-0.5, "-0.5"}, {1234567.25, "1234567.25"}, {0.18000000000000002, "0.18"}} {
		assert.Equal(t, tc.want, number(tc.x))
	}
}
