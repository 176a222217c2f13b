// Package pinned builds, for tests, the tools that the modules under tools/ pin.
package pinned

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Tool builds a tool of a module, such as prometheus of tools/prometheus, and
// returns the path of its binary. The go command keeps the binary in its cache, so
// that only the first call takes long; it must be used within the test.
func Tool(tb testing.TB, module, name string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "go", "tool", "-modfile="+filepath.Join(Root(tb), module, "go.mod"), "-n", name)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	var failure strings.Builder
	cmd.Stderr = &failure
	path, err := cmd.Output()
	require.NoError(tb, err, failure.String())
	return strings.TrimSpace(string(path))
}

// Root returns the folder of the root module.
func Root(tb testing.TB) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), "go", "env", "GOMOD").Output()
	require.NoError(tb, err)
	return filepath.Dir(strings.TrimSpace(string(out)))
}
