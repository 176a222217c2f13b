package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"10": 10 * time.Second, "10s": 10 * time.Second, "2.5": 2500 * time.Millisecond, "1m": time.Minute, "1h": time.Hour,
	} {
		s, err := parse([]string{"-duration", text}, io.Discard)
		require.NoError(t, err, text)
		assert.Equal(t, want, s.duration, text)
	}
}

// Each of these is what someone types after make demo.
func TestBadSettingsNameTheVariable(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"-duration 0", "DURATION=0:"},
		{"-duration -5s", "DURATION=-5s:"},
		{"-duration 61m", "1s to 1h"},
		{"-duration 1e300", "1s to 1h"},
		{"-duration soon", "DURATION=30"},
		{"-rate 0", "RATE=0:"},
		{"-rate 501", "at most 500"},
		{"-rate NaN", "RATE=NaN:"},
		{"-rate abc", "RATE=abc: use more than 0 and at most 500 runs per second, such as RATE=20"},
		{"-port-offset -1", "PORT_OFFSET=-1:"},
		{"-port-offset 9001", "0 to 9000"},
		{"-port-offset x", "PORT_OFFSET=x: use 0 to 9000, such as PORT_OFFSET=1000"},
	} {
		var usage strings.Builder
		_, err := parse(strings.Fields(tc.args), &usage)
		require.ErrorContains(t, err, tc.want, tc.args)
		assert.NotContains(t, err.Error(), "\n", tc.args)
		assert.Empty(t, usage.String(), tc.args)
	}
}
