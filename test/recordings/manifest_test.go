package recordings_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recording is one entry of MANIFEST.json.
type recording struct {
	File     string  `json:"file"`
	Expected *answer `json:"expected"`
}

// answer is what the collector must count.
type answer struct {
	Runs      []expectedRun  `json:"runs"`
	Calls     []expectedCall `json:"llm_calls"`
	Tools     []string       `json:"tool_calls"`
	Priced    *int           `json:"priced_leaf_spans"`
	Wrappers  []string       `json:"wrapper_spans_not_priced"`
	Uncertain []string       `json:"uncertain"`
}

type expectedRun struct {
	Name      *string `json:"workflow_or_agent_name"`
	Outcome   string  `json:"outcome"`
	Uncertain string  `json:"uncertain"`
}

type expectedCall struct {
	Provider   *string  `json:"provider"`
	Model      *string  `json:"model"`
	Operation  string   `json:"operation"`
	Outcome    string   `json:"outcome"`
	Input      int64    `json:"input_tokens_inclusive"`
	Output     int64    `json:"output_tokens"`
	CacheRead  int64    `json:"cache_read"`
	CacheWrite int64    `json:"cache_write"`
	Reasoning  int64    `json:"reasoning"`
	Cost       *float64 `json:"cost_reported_usd"`
}

// doubts are the reasons for which the answer may be wrong.
func (a *answer) doubts() []string {
	if a == nil {
		return nil
	}
	out := a.Uncertain
	for _, r := range a.Runs {
		if r.Uncertain != "" {
			out = append(out, r.Uncertain)
		}
	}
	return out
}

// contradicts says that the parts of the call's input exceed the whole, which no collector
// can count as stated.
func (c *expectedCall) contradicts() bool { return c.CacheRead+c.CacheWrite > c.Input }

// blanks is how many of provider and model the answer leaves open.
func (c *expectedCall) blanks() (n int) {
	for _, said := range []*string{c.Provider, c.Model} {
		if said == nil {
			n++
		}
	}
	return n
}

// load returns the recordings of a folder; a file that the manifest does not name has no answer.
func load(t *testing.T, dir string) []recording {
	t.Helper()
	var recs []recording
	if raw, err := os.ReadFile(filepath.Join(dir, "MANIFEST.json")); err == nil {
		require.NoError(t, json.Unmarshal(raw, &recs))
	}
	known := map[string]bool{"MANIFEST.json": true}
	for _, r := range recs {
		known[r.File] = true
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json*"))
	require.NoError(t, err)
	for _, f := range files {
		if name := filepath.Base(f); !known[name] && (strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonl")) {
			recs = append(recs, recording{File: name})
		}
	}
	if len(recs) == 0 {
		t.Fatalf("no recordings in %s", dir)
	}
	return recs
}
