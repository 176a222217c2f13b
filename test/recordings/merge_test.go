package recordings_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// one is a request of one span.
func one(name string) string {
	return fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":%q}]}]}]}`, name)
}

// The file exporter writes one request a line, people write one over many lines.
func TestMerge(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		spans      int
	}{
		{"one request", one("a"), 1},
		{"one request over many lines", "{\n \"resourceSpans\": [\n ]\n}\n", 0},
		{"one a line", one("a") + "\n" + one("b") + "\n" + one("c") + "\n", 3},
		{"an empty line", one("a") + "\n\n" + one("b"), 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			td, body, err := merge([]byte(tc.file))
			require.NoError(t, err)
			assert.Equal(t, tc.spans, td.SpanCount())
			assert.True(t, json.Valid(body), "%s", body)
			again, _, err := merge(body)
			require.NoError(t, err)
			assert.Equal(t, td, again)
		})
	}
}

func TestMergeSaysWhichRequestIsWrong(t *testing.T) {
	for file, want := range map[string]string{
		"":                       "there is no request",
		one("a") + "\n{\"resour": "request 2, before byte",
		one("a") + "\nhello":     "request 2, before byte",
		one("a") + "\n[1]":       "request 2: ",
		one("a") + "\n" + `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}`: "request 2: ",
	} {
		_, _, err := merge([]byte(file))
		require.ErrorContains(t, err, want, file)
	}
}
