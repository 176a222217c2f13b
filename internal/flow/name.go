package flow

import (
	"strings"
	"unicode/utf8"
)

// MaxName is how many bytes of a name are kept. What a name becomes, a label of a
// series, is kept for as long as the series.
const MaxName = 256

// Clean returns the name as it can stand in a label, and what was wrong with it: bytes
// that are not UTF-8 become U+FFFD, and what lies beyond MaxName is cut off between two
// characters.
//
//	"caf\xe9"        → "caf�"           FaultInvalidName
//	"ééé…" 300 bytes → the first 256    FaultLongName
func Clean(name string) (string, Faults) {
	var faults Faults
	if len(name) > MaxName {
		end := MaxName
		for end > MaxName-utf8.UTFMax && !utf8.RuneStart(name[end]) {
			end--
		}
		name, faults = name[:end], FaultLongName
	}
	if utf8.ValidString(name) {
		return name, faults
	}
	return strings.ToValidUTF8(name, "\uFFFD"), faults | FaultInvalidName
}

// cleanNames cleans all of the reading that may become a label. A long name of a span
// that means nothing, such as a query, is no fault.
func (r *Reading) cleanNames(s *Span) {
	_, faults := Clean(s.Name)
	for _, name := range [...]*string{
		&r.Workflow, &r.Step, &r.StepKind, &r.Within, &r.Agent, &r.ErrorType, &r.Call.Provider, &r.Call.Model, &r.Call.Tool,
	} {
		var f Faults
		*name, f = Clean(*name)
		faults |= f
	}
	if r.Role == RoleOther {
		faults &^= FaultLongName
	}
	r.Faults |= faults
}
