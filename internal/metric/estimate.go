package metric

// The attributes that tell the points of a gauge of quantiles apart.
const (
	QuantileAttribute = "quantile"
	WindowAttribute   = "window"
)

const (
	quantileSuffix = ".quantile"
	errorSuffix    = ".error"
)

// Quantile returns the name of the gauge of a histogram's quantiles.
func Quantile(histogram string) string { return histogram + quantileSuffix }

//nolint:gochecknoglobals // shared by all gauges of quantiles, never written to.
var estimateAttributes = []string{QuantileAttribute, WindowAttribute}

// Estimate returns the gauge of that name of the quantiles of a histogram of that name and
// unit, whose attributes are those of the histogram that are not merged, and further ones.
func Estimate(name, histogram, unit string) Metric {
	return Metric{
		name, "Quantiles of " + histogram + ".", unit, Level,
		estimateAttributes,
	}
}

// Uncertainty returns the gauge of how far the values of a gauge of quantiles may be off.
func Uncertainty(name, histogram, unit string) Metric {
	return Metric{
		name + errorSuffix, "How far a quantile of " + histogram + " may be off.", unit, Level,
		estimateAttributes,
	}
}
