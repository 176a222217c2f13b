package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/test/markdown"
)

// TestPage types the commands of docs/cost.md and reads its price file.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "cost.md"))
	require.NoError(t, err)
	blocks, err := markdown.Blocks("docs/cost.md", string(text))
	require.NoError(t, err)
	typed, read := 0, 0
	for _, b := range blocks {
		switch b.Language {
		case "console":
			for _, typedText := range strings.Split("\n"+b.Text, "\n$ ")[1:] {
				typed++
				t.Run(b.String(), func(t *testing.T) { typeCommand(t, typedText) })
			}
		case "json":
			read++
			_, warnings, err := cost.New(cost.Settings{Builtin: true, Files: []cost.File{{Path: "page.json", Data: []byte(b.Text)}}})
			require.NoError(t, err)
			assert.Empty(t, warnings)
		}
	}
	assert.Equal(t, 3, typed)
	assert.Equal(t, 1, read)
}

// typeCommand runs the first line typed and compares what it prints with the rest.
func typeCommand(t *testing.T, typedText string) {
	t.Helper()
	command, want, _ := strings.Cut(typedText, "\n")
	args, ok := strings.CutPrefix(command, "go run ./cmd/workflow-price ")
	require.True(t, ok, command)
	_, out, errs := ask(strings.Fields(args)...)
	assert.Empty(t, errs)
	assert.Equal(t, strings.TrimSpace(want), strings.TrimSpace(out))
}
