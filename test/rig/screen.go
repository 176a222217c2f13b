package rig

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Screen is where people read. It is safe for concurrent use if its writer is.
type Screen struct{ io.Writer }

// Say writes a line. That nobody reads it is no reason to fail.
func (s Screen) Say(format string, args ...any) {
	_, _ = fmt.Fprintf(s, format+"\n", args...)
}

// Table writes rows in columns: the first to the left, the others to the right.
//
//	calls       count  errors
//	  chat        400       3
func (s Screen) Table(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + pad)
				continue
			}
			line.WriteString("  " + pad + cell)
		}
		s.Say("%s", strings.TrimRight(line.String(), " "))
	}
}
