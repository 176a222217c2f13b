package workflowmetrics

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// form is what a setting says about the values it takes.
type form interface {
	takes(raw any) bool
	wanted() string
}

func (Duration) takes(raw any) bool { return isText(raw) }
func (Duration) wanted() string     { return "a duration with its unit such as 15s" }

func (Positive) takes(raw any) bool { return isWhole(raw) }
func (Positive) wanted() string     { return "a whole number such as 1000" }

func (BucketCount) takes(raw any) bool { return isWhole(raw) }
func (BucketCount) wanted() string     { return "a whole number such as 160" }

func (Dollars) takes(raw any) bool { return isWhole(raw) || isFractional(raw) }
func (Dollars) wanted() string     { return "a number such as 0.5" }

func (Attribute) takes(raw any) bool { return isText(raw) }
func (Attribute) wanted() string     { return "the name of an attribute such as gen_ai.tool.name" }

func isText(raw any) bool { _, ok := raw.(string); return ok }

func isWhole(raw any) bool {
	v := reflect.ValueOf(raw)
	return v.CanInt() || v.CanUint()
}

func isFractional(raw any) bool { return reflect.ValueOf(raw).CanFloat() }

// wellFormed compares what was written at a key with the type of its setting. The decoder
// of the Collector names Go types and does not show the value.
func wellFormed(key string, raw any, t reflect.Type) error {
	if raw == nil {
		return nil
	}
	if f, ok := reflect.Zero(t).Interface().(form); ok {
		return must(key, raw, f.takes(raw), f.wanted())
	}
	switch t.Kind() {
	case reflect.Struct:
		return sectionFormed(key, raw, t)
	case reflect.Slice:
		return listFormed(key, raw, t)
	case reflect.Bool:
		_, ok := raw.(bool)
		return must(key, raw, ok, "true or false")
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

func sectionFormed(key string, raw any, t reflect.Type) error {
	section, ok := raw.(map[string]any)
	if !ok {
		return must(key, raw, false, "a section with "+strings.Join(keysOf(t), ", "))
	}
	for field := range t.Fields() {
		name := field.Tag.Get("mapstructure")
		if v, ok := section[name]; ok && name != "" {
			if err := wellFormed(join(key, name), v, field.Type); err != nil {
				return err
			}
		}
	}
	for name := range section {
		if known := keysOf(t); !slices.Contains(known, name) {
			return fmt.Errorf("%s: no such key, there are %s", join(key, name), strings.Join(known, ", "))
		}
	}
	return nil
}

func listFormed(key string, raw any, t reflect.Type) error {
	list, ok := raw.([]any)
	if !ok {
		return must(key, raw, false, "a list")
	}
	for i, v := range list {
		if err := wellFormed(fmt.Sprintf("%s::%d", key, i), v, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(t reflect.Type) (keys []string) {
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
