package presets_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/config"
	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

func TestBinaryAcceptsItsPresets(t *testing.T) {
	binary := collectortest.Build(t)
	validate := func(t *testing.T, uris ...string) (string, error) {
		t.Helper()
		args := []string{"validate"}
		for _, uri := range uris {
			args = append(args, "--config", uri)
		}
		cmd := exec.CommandContext(t.Context(), binary, args...)
		cmd.Dir = t.TempDir() // the presets are in the binary, not beside it
		out, err := cmd.CombinedOutput()
		return string(out), err
	}

	for _, name := range config.Names() {
		t.Run(name, func(t *testing.T) {
			out, err := validate(t, "preset:"+name)
			assert.NoError(t, err, out)
		})
	}
	t.Run("an unknown key is refused", func(t *testing.T) {
		out, err := validate(t, "preset:standalone", "yaml:processors::memory_limiter::limit_mob: 7")
		require.Error(t, err)
		assert.Contains(t, out, "limit_mob")
	})
}
