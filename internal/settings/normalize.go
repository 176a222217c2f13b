package settings

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/form"
)

// Short is implemented by sections that may be written as one scalar.
type Short interface {
	// Short returns the key of the section that the scalar is the value of.
	Short() string
}

// Normalize returns what was written for the struct type t in the form that decodes. The
// first thing that is not of that type is an error that names its key, shows it and says
// what is wanted. It keeps no part of raw, and is safe for concurrent use.
//
// A type of kind string takes any scalar; one with UnmarshalText takes the scalars that it
// reads; nil stands for a key without a value and is left out.
func Normalize(raw map[string]any, t reflect.Type) (map[string]any, error) {
	out, err := section("", raw, t)
	if err != nil {
		return nil, err
	}
	return out.(map[string]any), nil
}

func normalize(key string, raw any, t reflect.Type) (any, error) {
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return text(key, raw, t)
	case t.Kind() == reflect.Pointer:
		return normalize(key, raw, t.Elem())
	case t.Kind() == reflect.String:
		return scalar(key, raw, "a text")
	case t.Kind() == reflect.Struct:
		return section(key, raw, t)
	case t.Kind() == reflect.Slice:
		return list(key, raw, t)
	case t.Kind() == reflect.Map:
		return table(key, raw, t)
	case t.Kind() == reflect.Interface:
		return Free(raw), nil
	}
	panic(fmt.Sprintf("settings: %s: no configuration has values of type %s", key, t))
}

// text reads a scalar once, so that what the type refuses is told with its key.
func text(key string, raw any, t reflect.Type) (any, error) {
	s, err := scalar(key, raw, "one value")
	if err != nil {
		return nil, err
	}
	if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s.(string))); err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return s, nil
}

func scalar(key string, raw any, wanted string) (any, error) {
	s, ok := Text(raw)
	if !ok {
		return nil, fmt.Errorf("%s: must be %s (got %v)", key, wanted, raw)
	}
	return s, nil
}

// Text returns a scalar of YAML as it is written; ok is false for sections and lists.
func Text(raw any) (s string, ok bool) {
	switch v := raw.(type) {
	case string:
		return v, true
	case time.Time:
		return v.Format(time.RFC3339), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	v := reflect.ValueOf(raw)
	if v.CanInt() || v.CanUint() || v.Kind() == reflect.Bool {
		return fmt.Sprint(raw), true
	}
	return "", false
}

func section(key string, raw any, t reflect.Type) (any, error) {
	known := form.Keys(t)
	written, ok := raw.(map[string]any)
	if !ok {
		short, has := reflect.Zero(t).Interface().(Short)
		if _, plain := Text(raw); !has || !plain {
			return nil, fmt.Errorf("%s: must be a section with %s (got %v)", key, strings.Join(known, ", "), raw)
		}
		written = map[string]any{short.Short(): raw}
	}
	out := make(map[string]any, len(written))
	for field := range t.Fields() {
		name := field.Tag.Get("mapstructure")
		v, ok := written[name]
		if !ok || name == "" || v == nil {
			continue
		}
		fit, err := normalize(join(key, name), v, field.Type)
		if err != nil {
			return nil, err
		}
		out[name] = fit
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: no such key, there are %s", join(key, name), strings.Join(known, ", "))
		}
	}
	return out, nil
}

func list(key string, raw any, t reflect.Type) (any, error) {
	written, ok := raw.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: must be a list (got %v)", key, raw)
	}
	out := make([]any, len(written))
	for i, v := range written {
		var err error
		if out[i], err = normalize(fmt.Sprintf("%s[%d]", key, i), v, t.Elem()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func table(key string, raw any, t reflect.Type) (any, error) {
	written, ok := raw.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: must be a section of names and values (got %v)", key, raw)
	}
	out := make(map[string]any, len(written))
	for _, name := range slices.Sorted(maps.Keys(written)) {
		var err error
		if out[name], err = normalize(join(key, name), written[name], t.Elem()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Free returns a value whose type is decided later with text in place of its scalars and of
// those in a list.
func Free(raw any) any {
	if s, ok := Text(raw); ok {
		return s
	}
	if written, ok := raw.([]any); ok {
		out := make([]any, len(written))
		for i, v := range written {
			out[i] = Free(v)
		}
		return out
	}
	return raw
}

func join(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}
