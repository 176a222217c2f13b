package otelsetup

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

// EnvError is an environment variable that cannot be used.
type EnvError struct {
	// Name is the variable.
	Name string
	// Value is what it is set to; hidden where it may hold a secret.
	Value string
	// Fix says what is wrong and what to write instead.
	Fix string
}

// Error shows all three in one line.
func (e *EnvError) Error() string {
	return fmt.Sprintf("%s=%q: %s", e.Name, e.Value, e.Fix)
}

const (
	envDisabled    = "OTEL_SDK_DISABLED"
	envExporter    = "OTEL_TRACES_EXPORTER"
	envPropagators = "OTEL_PROPAGATORS"
	envSampler     = "OTEL_TRACES_SAMPLER"
	envSamplerArg  = "OTEL_TRACES_SAMPLER_ARG"
	envDelay       = "OTEL_BSP_SCHEDULE_DELAY"
	envTimeout     = "OTEL_BSP_EXPORT_TIMEOUT"
	envQueueSize   = "OTEL_BSP_MAX_QUEUE_SIZE"
	envBatchSize   = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"

	otlpPrefix   = "OTEL_EXPORTER_OTLP_"
	tracesPrefix = otlpPrefix + "TRACES_"
)

// getenv returns a variable without spaces around it. Set to nothing is as
// good as not set, as the specification wants it.
func getenv(name string) string { return strings.TrimSpace(os.Getenv(name)) }

// envInt returns a variable that is checked to be a whole number, if it is set.
func envInt(name string, otherwise int) int {
	if n, err := strconv.Atoi(getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// envMilliseconds returns a variable of milliseconds as far as a duration goes.
func envMilliseconds(name string, otherwise int) time.Duration {
	const most = math.MaxInt64 / int(time.Millisecond)
	return time.Duration(min(envInt(name, otherwise), most)) * time.Millisecond
}

// otlpEnv returns the variable of the exporter that is in force: the one for
// traces, else the one for all signals.
func otlpEnv(suffix string) string {
	if v := getenv(tracesPrefix + suffix); v != "" {
		return v
	}
	return getenv(otlpPrefix + suffix)
}
