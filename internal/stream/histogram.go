package stream

import (
	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// NewExponential returns an empty exponential histogram, for [NewCumulative]. It takes
// about a byte a bucket.
func NewExponential() Total[*exphist.Histogram] { return new(exphist.Packed) }

// NewExplicit returns an empty histogram with explicit buckets, for [NewCumulative].
func NewExplicit() Total[*binhist.Histogram] { return new(binhist.Histogram) }
