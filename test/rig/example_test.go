package rig

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReportThatIsNone(t *testing.T) {
	_, err := ReadReport(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "the example left no report")
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = ReadReport(path)
	require.ErrorContains(t, err, path)
}
