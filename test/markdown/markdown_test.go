package markdown_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/markdown"
)

func TestBlocks(t *testing.T) {
	got, err := markdown.Blocks("a.md", "# One\n"+
		"```console\n$ # no heading\n```\n"+
		"## Two things\n"+
		"- in a list\n"+
		"  ```yaml title\n  a:\n    b: 1\n  ```\n"+
		"```\n```\n")
	require.NoError(t, err)
	assert.Equal(t, []markdown.Block{
		{File: "a.md", Line: 2, Section: "One", Language: "console", Text: "$ # no heading\n"},
		{File: "a.md", Line: 7, Section: "Two things", Language: "yaml", Text: "a:\n  b: 1\n"},
		{File: "a.md", Line: 11, Section: "Two things"},
	}, got)
	assert.Equal(t, "a.md:7", got[1].String())
}

func TestBlocksRefusesAnOpenFence(t *testing.T) {
	_, err := markdown.Blocks("a.md", "text\n```yaml\na: 1\n")
	assert.EqualError(t, err, "a.md:2: the fenced block is not closed")
}
