package config

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every variable of a preset is checked, is told in the head of its file, and has a default that
// passes.
func TestEveryVariableIsCheckedAndTold(t *testing.T) {
	for _, name := range Names() {
		text, ok := Preset(name)
		require.True(t, ok)
		for _, match := range reference.FindAllSubmatch(text, -1) {
			variable, byDefault := string(match[1]), string(match[2])
			told := regexp.MustCompile(`(?m)^# ` + variable + ` .* ` + regexp.QuoteMeta(byDefault) + `$`)
			assert.Regexp(t, told, string(text), "head of %s.yaml", name)
			if assert.Contains(t, variables, variable) {
				assert.NoError(t, variables[variable](byDefault), variable)
			}
		}
	}
}

func TestVariablesTakeWhatWorksAndRefuseTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		good []string
		bad  map[string]string // value → words of the error
	}{
		"LISTEN_HOST": {
			[]string{"localhost", "0.0.0.0", "127.0.0.2", "[::1]", "[fe80::1%eth0]", "my-host.example"},
			map[string]string{
				"":               "listen on every address",
				"::1":            "write [::1]",
				"localhost:4317": "without scheme and port",
				"http://x":       "without scheme and port",
				"[localhost]":    "without scheme and port",
				"[::1":           "without scheme and port",
			},
		},
		"MEMORY_LIMIT_MIB": {[]string{"1", "512"}, map[string]string{"0": "from 1", "": "from 1", "512MiB": "from 1", "-1": "from 1"}},
		"TRACES_ENDPOINT": {
			[]string{"tempo:4317", "[::1]:4317", "dns:///tempo:4317", "https://tempo:4317"},
			map[string]string{"tempo": "host:port", "": "host:port", "tempo:grpc": "host:port", "tempo:70000": "host:port"},
		},
		"TRACES_INSECURE": {[]string{"true", "false"}, map[string]string{"yes": "true or false", "": "true or false"}},
		"KEEP_PERCENT":    {[]string{"0", "0.5", "100"}, map[string]string{"101": "0 to 100", "-1": "0 to 100", "NaN": "0 to 100", "": "0 to 100"}},
		"STATE_DIR":       {[]string{".state", "/var/lib/otelcol-workflow"}, map[string]string{"": "no folder"}},
		"SLOW_MS":         {[]string{"1", "10000"}, map[string]string{"0": "from 1", "-1": "from 1", "10s": "from 1"}},
	} {
		text := []byte("key: ${env:" + name + ":-x}")
		for _, value := range c.good {
			t.Setenv(name, value)
			require.NoError(t, CheckEnvironment(text), "%s=%q", name, value)
		}
		for value, words := range c.bad {
			t.Setenv(name, value)
			err := CheckEnvironment(text)
			require.ErrorContains(t, err, words)
			assert.ErrorContains(t, err, name+`="`+value+`"`)
		}
	}
}

func TestAllWrongVariablesAreToldAtOnce(t *testing.T) {
	t.Setenv("KEEP_PERCENT", "101")
	t.Setenv("SLOW_MS", "-1")
	text, _ := Preset("gateway")
	err := CheckEnvironment(text)
	require.ErrorContains(t, err, "KEEP_PERCENT")
	require.ErrorContains(t, err, "SLOW_MS")
	text, _ = Preset("standalone")
	assert.NoError(t, CheckEnvironment(text), "it does not read them")
}
