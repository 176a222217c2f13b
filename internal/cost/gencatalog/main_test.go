package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const providers = `[{"id": "p", "name": "P", "extractors": [], "model_match": {"regex": "^(?![^/]+/)m"}, "models": [
	{"id": "m", "description": "<b>", "match": {"equals": "m"}, "prices": {"input_mtok": 0.18000000000000002}}]}]`

// The whole way: what is kept, that it is written the same each time, and that it reads back.
func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.json.gz")
	args := []string{"-version", "1.2", "-date", "2026-01-02", "-out", out}
	require.NoError(t, run(args, strings.NewReader(providers)))
	first, err := os.ReadFile(out)
	require.NoError(t, err)
	require.NoError(t, run(args, strings.NewReader(providers)))
	second, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, first, second)

	z, err := gzip.NewReader(bytes.NewReader(first))
	require.NoError(t, err)
	data, err := io.ReadAll(z)
	require.NoError(t, err)
	assert.JSONEq(t, `{"source": "genai-prices", "version": "1.2", "date": "2026-01-02", "providers": [{"id": "p",
		"model_match": {"regex": "^(?![^/]+/)m"},
		"models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 0.18000000000000002}}]}]}`,
		string(data))
	assert.Contains(t, string(data), "0.18000000000000002", "numbers keep their digits")
}

func TestRunRefuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	all := []string{"-version", "1", "-date", "2026-01-02", "-out", out}
	for _, tc := range []struct {
		name, providers string
		args            []string
		want            string
	}{
		{"no flags", providers, nil, "-version, -date and -out are required"},
		{"an unknown flag", providers, []string{"-nosuch"}, "flag provided but not defined: -nosuch"},
		{"no JSON", `{`, all, "the providers: unexpected EOF"},
		{"a unit that is not known", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_zmtok": 1}}]}]`, all, `unknown price "input_zmtok"`},
		{"a clause that is not known", `[{"id": "p", "models": [{"id": "m", "match": {"like": "m"}, "prices": {}}]}]`, all, "a match needs exactly one of"},
		{"a pattern that RE2 has not", `[{"id": "p", "model_match": {"regex": "(?<=a)b"}, "models": []}]`, all, "RE2 has no lookahead"},
		{"a date that is none", providers, []string{"-version", "1", "-date", "soon", "-out", out}, `"soon" is not a date`},
		{"a folder that is not there", providers, []string{"-version", "1", "-date", "2026-01-02", "-out", "no/such/file"}, "no such file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.ErrorContains(t, run(tc.args, strings.NewReader(tc.providers)), tc.want)
		})
	}
	_, err := os.Stat(out)
	assert.ErrorIs(t, err, os.ErrNotExist, "nothing is written that was refused")
}
