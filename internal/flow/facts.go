package flow

import (
	"math"
	"strconv"
)

// Facts collects the known attributes of one span, in any order. The zero value is ready.
// Strings are borrowed until the next Reset. It is not safe for concurrent use.
type Facts struct {
	known     uint64 // bit set of fields
	dialects  uint32 // bit set of dialects spoken
	faults    Faults // of the amounts
	misworded Faults // of the words
	implied   Role
	kinds     [maxKinds]kindFact
	kindsLen  int
	rank      [fieldCount]uint8
	text      [fieldSavingsPart]string
	number    [fieldCount]float64
}

// kindFact is one word about what the span is.
type kindFact struct {
	value   string
	dialect Dialect
	rank    uint8
}

// maxKinds is how many words about its kind a span may say; the most seen is four.
const maxKinds = 6

// Reset forgets the span.
func (f *Facts) Reset() {
	f.known, f.dialects, f.faults, f.misworded, f.implied, f.kindsLen = 0, 0, 0, 0, RoleOther, 0
}

// Forget is a Reset that also lets go of every string.
func (f *Facts) Forget() {
	*f = Facts{}
}

// Faults says what is wrong with the amounts taken since Reset.
func (f *Facts) Faults() Faults { return f.faults }

// Text takes an attribute whose value is a string; numbers may come as strings too.
func (f *Facts) Text(k Key, v string) {
	a := f.note(k)
	switch {
	case a == nil || a.field == fieldNone:
	case a.field == fieldKind:
		f.kind(a, v)
	case a.field >= fieldRunning:
		f.parse(a, v)
	case v != "" && (v != "unknown" || !a.field.isModel()) && f.take(a):
		f.text[a.field] = v
	}
}

// Run takes the id of the span's run, as Text does.
func (f *Facts) Run(k Key, id string) {
	if a := f.note(k); a != nil && id != "" && f.take(a) {
		f.text[fieldRunID] = id
	}
}

// Int takes an attribute whose value is an integer; a name may come as one.
func (f *Facts) Int(k Key, v int64) {
	a := f.note(k)
	if a != nil && a.field > fieldKind && a.field < fieldRunning && f.take(a) {
		f.text[a.field] = strconv.FormatInt(v, 10)
		return
	}
	f.measure(a, float64(v))
}

// Unreadable takes an attribute whose value is a list, a map or bytes.
func (f *Facts) Unreadable(k Key) {
	if a := f.note(k); a != nil && a.field != fieldNone {
		f.flag(a, FaultWrongType)
	}
}

// flag notes what is wrong with an attribute: with a word it is a part of the words.
func (f *Facts) flag(a *attr, fault Faults) {
	if a.field.use() == UseWord {
		f.misworded |= fault
	} else {
		f.faults |= fault
	}
}

// Double takes an attribute whose value is a floating point number.
func (f *Facts) Double(k Key, v float64) {
	f.measure(f.note(k), v)
}

// Bool takes an attribute whose value is a truth value.
func (f *Facts) Bool(k Key, v bool) {
	n := 0.0
	if v {
		n = 1
	}
	a := f.note(k)
	if a != nil && a.field == fieldCompensation && v && f.take(a) {
		f.text[fieldCompensation] = "true" // TTA.dev says that, not of what
		return
	}
	f.measure(a, n)
}

// note returns the row of the key, or nil, and remembers that the span has the attribute.
func (f *Facts) note(k Key) *attr {
	i := int(k) - 1
	if i < 0 || i >= len(attrs) {
		return nil
	}
	a := &attrs[i]
	f.dialects |= 1 << a.dialect
	f.implied = max(f.implied, a.implies)
	return a
}

// take says whether the row may write its field, and claims it.
func (f *Facts) take(a *attr) bool {
	if f.has(a.field) && f.rank[a.field] >= a.rank {
		return false
	}
	f.known |= 1 << a.field
	f.rank[a.field] = a.rank
	return true
}

func (f *Facts) has(x field) bool { return f.known>>x&1 != 0 }

func (f *Facts) kind(a *attr, v string) {
	if f.kindsLen < maxKinds {
		f.kinds[f.kindsLen] = kindFact{value: v, dialect: a.dialect, rank: a.rank}
		f.kindsLen++
	}
}

func (f *Facts) measure(a *attr, v float64) {
	if a != nil && a.field >= fieldRunning && f.take(a) {
		f.number[a.field] = v
	}
}

// parse takes a number or a truth value written as a string.
func (f *Facts) parse(a *attr, v string) {
	switch v {
	case "":
	case "true", "True":
		f.measure(a, 1)
	case "false", "False":
		f.measure(a, 0)
	default:
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			f.flag(a, FaultBadNumber)
			return
		}
		f.measure(a, n)
	}
}

// get returns the text of a field, or "".
func (f *Facts) get(x field) string {
	if f.has(x) {
		return f.text[x]
	}
	return ""
}

// truth says whether a number is there and is not 0.
func (f *Facts) truth(x field) bool {
	return f.has(x) && f.number[x] != 0 && !math.IsNaN(f.number[x])
}

func (x field) isModel() bool { return x == fieldRequestModel || x == fieldResponseModel }
