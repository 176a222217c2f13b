package percentileprocessor

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/form"
)

// Duration is a positive length of time.
type Duration time.Duration

// Takes tells whether a value is a string.
func (Duration) Takes(raw any) bool { return form.IsText(raw) }

// Wanted says what a duration looks like.
func (Duration) Wanted() string { return "a duration with its unit such as 5m" }

// UnmarshalText reads a Go duration such as 1m30s.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("must be a duration such as 5m (got %q)", text)
	}
	*d = Duration(v)
	return nil
}

// Validate refuses durations that are not positive.
func (d Duration) Validate() error {
	if d <= 0 {
		return fmt.Errorf("must be a positive duration such as 5m (got %s)", d)
	}
	return nil
}

// String returns the duration as it is written in a configuration, without units that
// are zero: 5m and not 5m0s.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Quantile is a fraction from 0 to 1.
type Quantile float64

// Takes tells whether a value is a number.
func (Quantile) Takes(raw any) bool { return form.IsNumber(raw) }

// Wanted says what a quantile looks like.
func (Quantile) Wanted() string { return "a number from 0 to 1 such as 0.99" }

// Validate refuses numbers outside 0 to 1.
func (q Quantile) Validate() error {
	if !(q >= 0 && q <= 1) {
		return fmt.Errorf("must be from 0 to 1 (got %v); the 99th percentile is 0.99", float64(q))
	}
	return nil
}

// String returns the quantile as the shortest decimal fraction.
func (q Quantile) String() string { return strconv.FormatFloat(float64(q), 'f', -1, 64) }

// KeepOriginal says whether a histogram is passed on: true, false, or with at most
// max_size buckets. The zero KeepOriginal is true.
type KeepOriginal struct {
	// MaxSize is the largest number of buckets of each sign that an exponential
	// histogram is passed on with, 2 to 4096. Default: as it came.
	MaxSize int `mapstructure:"max_size"`

	dropped bool
}

const maxSizeKey = "max_size"

// Takes tells whether a value is one of those.
func (KeepOriginal) Takes(raw any) bool {
	if section, ok := raw.(map[string]any); ok {
		return len(section) == 1 && form.IsWhole(section[maxSizeKey])
	}
	_, ok := raw.(bool)
	return ok
}

// Wanted says what there is.
func (KeepOriginal) Wanted() string { return "true, false or {max_size: 160}" }

// Validate refuses a max_size that no histogram can have.
func (k KeepOriginal) Validate() error {
	if k.MaxSize != 0 && (k.MaxSize < exphist.MinSize || k.MaxSize > exphist.MaxSize) {
		return fmt.Errorf("max_size must be between %d and %d (got %d)", exphist.MinSize, exphist.MaxSize, k.MaxSize)
	}
	return nil
}

// String returns it as it is written in a configuration.
func (k KeepOriginal) String() string {
	if k.MaxSize > 0 {
		return fmt.Sprintf("{max_size: %d}", k.MaxSize)
	}
	return strconv.FormatBool(!k.dropped)
}
