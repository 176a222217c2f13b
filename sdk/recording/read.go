package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the longest line that is read, in bytes.
const MaxLine = 16 << 20

// Run is a run as it was recorded. It is immutable.
type Run struct {
	// ID is the id of the run.
	ID string
	Start
	// Steps are its steps in the order of their lines: of their ends.
	Steps []Step
	// End is how it ended; nil when the recording breaks off before.
	End *End
}

// Read reads all runs, in the order of their beginnings. Empty lines are skipped;
// any other that is not a line of a recording ends it with an error that says
// which. Who reads what strangers wrote gives a bounded reader: all is kept in
// memory.
func Read(r io.Reader) ([]*Run, error) {
	var runs []*Run
	byID := make(map[string]*Run)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, MaxLine)
	n := 0
	for lines.Scan() {
		n++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var line Line
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("line %d of the recording: %w", n, err)
		}
		if line.Run != nil && byID[line.ID] == nil {
			byID[line.ID] = &Run{ID: line.ID, Start: *line.Run}
			runs = append(runs, byID[line.ID])
			line.Run = nil
		}
		if err := byID[line.ID].add(&line); err != nil {
			return nil, fmt.Errorf("line %d of the recording: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d of the recording: %w", n+1, err)
	}
	return runs, nil
}

// add adds what a line says of a run that has begun, if it says anything.
func (r *Run) add(line *Line) error {
	switch {
	case r == nil:
		return fmt.Errorf("run %q has not begun: is the beginning of the file missing?", line.ID)
	case r.Version != Version:
		return fmt.Errorf("version %d of the form: this is for version %d", r.Version, Version)
	case line.Run != nil:
		return fmt.Errorf("run %q begins twice", line.ID)
	case r.End != nil:
		return fmt.Errorf("run %q goes on after its end", line.ID)
	case line.Step != nil && line.End != nil:
		return errors.New("both a step and an end")
	case line.Step != nil:
		r.Steps = append(r.Steps, *line.Step)
	case line.End != nil:
		r.End = line.End
	}
	return nil
}
