package costprocessor

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

// Unmarshal reads the configuration. Of keys that do not exist it names those that were
// probably meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if mistakes := misspelt("", conf.ToStringMap(), reflect.TypeFor[Config]()); len(mistakes) > 0 {
		return errors.Join(mistakes...)
	}
	if err := spellRates(conf); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// spellRates writes a rate that is one number as the list that it is short for:
//
//	fx: {EUR: 1.08}   →   fx: {EUR: [{usd: 1.08}]}
func spellRates(conf *confmap.Conf) error {
	fx, _ := conf.Get("fx").(map[string]any)
	long := make(map[string]any)
	var mistakes []error
	for _, code := range slices.Sorted(maps.Keys(fx)) {
		switch v := reflect.ValueOf(fx[code]); {
		case v.CanInt() || v.CanUint() || v.CanFloat():
			long[code] = []any{map[string]any{"usd": fx[code]}}
		case v.Kind() != reflect.Slice:
			mistakes = append(mistakes, fmt.Errorf(
				"fx.%s: must be US dollars for one %s such as 1.08, or a list of effective_from and usd, got %v", code, code, fx[code]))
		}
	}
	if len(long) > 0 {
		mistakes = append(mistakes, conf.Merge(confmap.NewFromStringMap(map[string]any{"fx": long})))
	}
	return errors.Join(mistakes...)
}

// misspelt compares the keys of what was written with those of the type it is meant for.
func misspelt(path string, raw any, t reflect.Type) (mistakes []error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Slice:
		list, _ := raw.([]any)
		for i, v := range list {
			mistakes = append(mistakes, misspelt(fmt.Sprintf("%s[%d]", path, i), v, t.Elem())...)
		}
	case t.Kind() == reflect.Map:
		section, _ := raw.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(section)) {
			mistakes = append(mistakes, misspelt(below(path, key), section[key], t.Elem())...)
		}
	case t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]():
		section, _ := raw.(map[string]any)
		fields := fieldsOf(t)
		for _, key := range slices.Sorted(maps.Keys(section)) {
			field, known := fields[key]
			if !known {
				mistakes = append(mistakes, unknownKey(path, key, fields))
				continue
			}
			mistakes = append(mistakes, misspelt(below(path, key), section[key], field)...)
		}
	}
	return mistakes
}

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := make(map[string]reflect.Type)
	for f := range t.Fields() {
		if name := f.Tag.Get("mapstructure"); name != "" {
			fields[name] = f.Type
		}
	}
	return fields
}

func unknownKey(path, key string, fields map[string]reflect.Type) error {
	where := ""
	if path != "" {
		where = path + " "
	}
	best, far := "", len(key)/2+1
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if d := distance(key, name); d < far {
			best, far = name, d
		}
	}
	if best == "" {
		return fmt.Errorf("%shas invalid keys: %s", where, key)
	}
	return fmt.Errorf("%shas invalid keys: %s (did you mean %q?)", where, key, best)
}

// distance is how many letters must be added, removed or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
