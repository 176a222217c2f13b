package flow

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		what, name, want string
		faults           Faults
	}{
		{"a name", "support", "support", 0},
		{"none", "", "", 0},
		{"Latin 1", "caf\xe9", "caf\uFFFD", FaultInvalidName},
		{"as long as may be", strings.Repeat("x", MaxName), strings.Repeat("x", MaxName), 0},
		{"too long", strings.Repeat("x", MaxName+1), strings.Repeat("x", MaxName), FaultLongName},
		{"cut within a character", strings.Repeat("x", MaxName-1) + "é", strings.Repeat("x", MaxName-1), FaultLongName},
		{"cut between characters", strings.Repeat("é", MaxName), strings.Repeat("é", MaxName/2), FaultLongName},
		{"long and broken", strings.Repeat("\x80", MaxName+9), "\uFFFD", FaultLongName | FaultInvalidName},
	} {
		got, faults := Clean(c.name)
		assert.Equal(t, c.want, got, c.what)
		assert.Equal(t, c.faults, faults, c.what)
	}
}

func TestCleanIsFitForALabelAndLeavesWhatIsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.Byte(), 0, 3*MaxName).Draw(t, "name"))
		got, faults := Clean(name)
		assert.True(t, utf8.ValidString(got))
		assert.Equal(t, got == name, faults == 0)
		again, none := Clean(got)
		if len(got) <= MaxName {
			assert.Equal(t, got, again)
			assert.Zero(t, none)
		}
	})
}
