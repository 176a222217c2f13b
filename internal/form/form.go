package form

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Form is what the type of a setting says about the values it takes, as they come out of
// YAML. Its methods are called on the zero value.
type Form interface {
	// Takes tells whether a value has the right shape; its range is checked later.
	Takes(raw any) bool
	// Wanted says what is, as in "a whole number such as 160".
	Wanted() string
}

// Check compares what was written with the type that it is to be decoded into. The error
// names the key, the value and what is wanted.
func Check(written map[string]any, t reflect.Type) error { return check("", written, t) }

// IsText tells whether a value is a string.
func IsText(raw any) bool { _, ok := raw.(string); return ok }

// IsWhole tells whether a value is a whole number.
func IsWhole(raw any) bool {
	v := reflect.ValueOf(raw)
	return v.CanInt() || v.CanUint()
}

// IsNumber tells whether a value is a number.
func IsNumber(raw any) bool { return IsWhole(raw) || reflect.ValueOf(raw).CanFloat() }

func check(key string, raw any, t reflect.Type) error {
	if raw == nil {
		return nil
	}
	if f, ok := reflect.Zero(t).Interface().(Form); ok {
		return must(key, raw, f.Takes(raw), f.Wanted())
	}
	switch t.Kind() {
	case reflect.Struct:
		return section(key, raw, t)
	case reflect.Slice:
		return list(key, raw, t)
	case reflect.Bool:
		_, ok := raw.(bool)
		return must(key, raw, ok, "true or false")
	case reflect.String:
		return must(key, raw, IsText(raw), "text")
	default:
		return nil
	}
}

func must(key string, raw any, ok bool, wanted string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: must be %s (got %v)", key, wanted, raw)
}

func section(key string, raw any, t reflect.Type) error {
	written, ok := raw.(map[string]any)
	if !ok {
		return must(key, raw, false, "a section with "+strings.Join(Keys(t), ", "))
	}
	for field := range t.Fields() {
		name := field.Tag.Get("mapstructure")
		if v, ok := written[name]; ok && name != "" {
			if err := check(join(key, name), v, field.Type); err != nil {
				return err
			}
		}
	}
	for name := range written {
		if known := Keys(t); !slices.Contains(known, name) {
			return fmt.Errorf("%s: no such key, there are %s", join(key, name), strings.Join(known, ", "))
		}
	}
	return nil
}

func list(key string, raw any, t reflect.Type) error {
	written, ok := raw.([]any)
	if !ok {
		return must(key, raw, false, "a list")
	}
	for i, v := range written {
		if err := check(fmt.Sprintf("%s::%d", key, i), v, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

// Keys returns the keys that a section of a struct type may have, in the order of its fields.
func Keys(t reflect.Type) (keys []string) {
	for field := range t.Fields() {
		if name := field.Tag.Get("mapstructure"); name != "" {
			keys = append(keys, name)
		}
	}
	return keys
}

func join(section, name string) string {
	if section == "" {
		return name
	}
	return section + "::" + name
}
