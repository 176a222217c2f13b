package accuracy_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

var update = flag.Bool("update", false, "write the table into the README of the percentile processor")

const (
	promise   = 0.01 // of the quantiles that are told by default
	beginning = "<!-- accuracy table: go test ./test/accuracy -run TestTable -update -->\n"
	ending    = "<!-- end of the accuracy table -->\n"
)

// TestTable holds the table in the README to what is measured, and what is measured to
// what is promised.
func TestTable(t *testing.T) {
	var rows []row
	for _, d := range distributions(t) {
		r := measure(t, d)
		for _, q := range quantiles[:4] {
			assert.LessOrEqual(t, r.ours[q], promise, "%s, %v", d.name, q)
		}
		rows = append(rows, r)
	}
	file := filepath.Join(repo.Root(t), "processor", "percentileprocessor", "README.md")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), beginning)
	require.True(t, ok, "no place for the table")
	old, after, ok := strings.Cut(rest, ending)
	require.True(t, ok, "the table has no end")
	table := render(rows)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+beginning+table+ending+after), 0o600))
		return
	}
	if runtime.GOARCH != "amd64" {
		return // the last digits are of one kind of machine: others multiply and add at once
	}
	assert.Equal(t, table, old, "the table in the README is not what is measured: run go test ./test/accuracy -run TestTable -update")
}

// render returns the table in Markdown: of each quantile the three contestants.
func render(rows []row) string {
	var b strings.Builder
	b.WriteString("| Distribution | p50 | p90 | p95 | p99 | p99.9 | bound |\n|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |", r.name)
		for _, q := range quantiles {
			fmt.Fprintf(&b, " **%s** · %s · %s |", share(r.ours[q]), share(r.peers[q]), share(r.list[q]))
		}
		var bound float64
		for _, claimed := range r.bound {
			bound = max(bound, claimed)
		}
		fmt.Fprintf(&b, " %s |\n", share(bound))
	}
	return b.String()
}

// share shows a relative error in percent with two digits that matter.
func share(e float64) string {
	switch p := 100 * e; {
	case p < 0.005:
		return "0"
	case p < 1:
		return fmt.Sprintf("%.2f", p)
	case p < 10:
		return fmt.Sprintf("%.1f", p)
	case p < 1000:
		return fmt.Sprintf("%.0f", p)
	default:
		return "> 1000"
	}
}
