// Package rigtest helps to test what runs a collector and an example together.
package rigtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// Output is a screen to read from while it is written to. Safe for concurrent use.
type Output struct {
	// Saw is called with all that was written so far, whenever something was; nil: nobody.
	Saw func(text string)

	mu   sync.Mutex
	text strings.Builder
}

// Write implements [io.Writer].
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(p)
	if o.Saw != nil {
		o.Saw(o.text.String())
	}
	return n, err
}

// String returns all that was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Example builds a program of examples, such as support-agent, and returns its path.
func Example(tb testing.TB, name string) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), name)
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-o", binary, "./"+name)
	cmd.Dir = filepath.Join(repo.Root(tb), "examples")
	out, err := cmd.CombinedOutput()
	require.NoError(tb, err, string(out))
	return binary
}

// Script writes a program of the shell that stands in for another, and returns its path.
func Script(tb testing.TB, lines string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "script")
	require.NoError(tb, os.WriteFile(path, []byte("#!/bin/sh\n"+lines+"\n"), 0o700)) // it is to be run
	return path
}
