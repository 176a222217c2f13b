package carrier

import (
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"
)

// Environ is the environment of a process, as os.Environ returns it and
// exec.Cmd.Env takes it. The keys of propagators become names of variables:
//
//	traceparent      TRACEPARENT
//	x-tenant.id      X_TENANT_ID
//	7th              _7TH
//
// Of several variables of one name the last counts, as it does for exec.Cmd.
// It is not safe for concurrent use.
type Environ []string

var _ propagation.TextMapCarrier = (*Environ)(nil)

// Get returns the value of the variable of a key, "" if there is none.
func (e *Environ) Get(key string) string {
	if i := e.find(variable(key)); i >= 0 {
		_, value, _ := strings.Cut((*e)[i], "=")
		return value
	}
	return ""
}

// Set sets the variable of a key. A value with a zero byte, with which no
// process can be started, is left out.
func (e *Environ) Set(key, value string) {
	if strings.ContainsRune(value, 0) {
		return
	}
	name := variable(key)
	entry := name + "=" + value
	if i := e.find(name); i >= 0 {
		(*e)[i] = entry
		return
	}
	*e = append(*e, entry)
}

// Keys returns the names of all variables.
func (e *Environ) Keys() []string {
	keys := make([]string, 0, len(*e))
	for _, entry := range *e {
		name, _, _ := strings.Cut(entry, "=")
		keys = append(keys, name)
	}
	return keys
}

// find returns the index of the last variable of that name, or -1.
func (e *Environ) find(name string) int {
	for i, entry := range slices.Backward(*e) {
		if before, _, ok := strings.Cut(entry, "="); ok && before == name {
			return i
		}
	}
	return -1
}

// variable returns the name that OpenTelemetry gives the variable of a key:
// upper case, and an underscore for whatever a shell does not take.
// See https://github.com/open-telemetry/opentelemetry-specification/blob/main/specification/context/env-carriers.md.
func variable(key string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		default:
			return '_'
		}
	}, key)
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}
