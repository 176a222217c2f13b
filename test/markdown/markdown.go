// Package markdown finds the fenced blocks of Markdown files, for tests that hold
// the documentation to what it says.
package markdown

import (
	"fmt"
	"strings"
)

// Block is one fenced block of a file.
type Block struct {
	// File is the path that was given to Blocks.
	File string
	// Line is the number of the fence that opens the block, from 1.
	Line int
	// Section is the text of the heading above the block, "" before the first.
	Section string
	// Language is the first word after the fence, "" if there is none.
	Language string
	// Text is what stands between the fences, less the indentation of the fence.
	Text string
}

// String returns where the block is, as file:line.
func (b Block) String() string { return fmt.Sprintf("%s:%d", b.File, b.Line) }

const fence = "```"

// Blocks returns the fenced blocks of a file, in order. It is an error when the last
// one is not closed.
func Blocks(file, text string) ([]Block, error) {
	var (
		out     []Block
		open    *Block
		indent  string
		section string
	)
	n := 0
	for line := range strings.Lines(text) {
		n++
		trimmed := strings.TrimSpace(line)
		switch {
		case open != nil && trimmed == fence:
			out, open = append(out, *open), nil
		case open != nil:
			open.Text += strings.TrimPrefix(line, indent)
		case strings.HasPrefix(trimmed, fence):
			var rest string
			indent, rest, _ = strings.Cut(line, fence)
			language, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			open = &Block{File: file, Line: n, Section: section, Language: language}
		case strings.HasPrefix(line, "#"):
			section = strings.TrimSpace(strings.TrimLeft(line, "#"))
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%v: the fenced block is not closed", *open)
	}
	return out, nil
}
