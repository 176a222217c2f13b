// Package repo knows the repository that a test lies in: its root, its sources and
// the tools that it pins.
package repo

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Root returns the folder of the root module.
func Root(tb testing.TB) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), "go", "env", "GOMOD").Output()
	require.NoError(tb, err)
	return filepath.Dir(strings.TrimSpace(string(out)))
}

// Watch has the go command run the test again once any file of the repository has
// changed. Without it a test of what it builds itself is served from the cache of
// test results, since the go command knows only what the test imports and opens.
func Watch(tb testing.TB) {
	tb.Helper()
	root := Root(tb)
	require.NoError(tb, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || path == filepath.Join(root, "build")) {
			return filepath.SkipDir
		}
		return err
	}))
}

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
