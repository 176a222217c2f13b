package otelsetup

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// check says what is wrong with a value and how to mend it, or nothing.
type check func(value string) string

// checks are the variables that are looked at, by us or by the OpenTelemetry
// SDK. The SDK itself only logs what it cannot read, and goes on without it.
var checks = []struct {
	name  string
	check check
}{
	{envDisabled, oneOf("true", "false")},
	{envExporter, oneOf(exporterOTLP, exporterConsole, exporterNone)},
	{envPropagators, propagatorList},
	{"OTEL_SERVICE_NAME", text},
	{"OTEL_RESOURCE_ATTRIBUTES", pairs(nonEmpty, utf8.ValidString)},
	{envSampler, oneOf("always_on", "always_off", "traceidratio",
		"parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio")},
	{envSamplerArg, ratio},
	{envDelay, positive("milliseconds")},
	{envTimeout, positive("milliseconds")},
	{envQueueSize, positive("spans")},
	{envBatchSize, positive("spans")},
}

// otlpChecks are those of the exporter, each for all signals and for traces.
var otlpChecks = []struct {
	suffix string
	check  check
}{
	{"ENDPOINT", endpoint},
	{"PROTOCOL", oneOf(protocolGRPC, protocolHTTP)},
	{"HEADERS", pairs(token, printable)},
	{"TIMEOUT", positive("milliseconds")},
	{"COMPRESSION", oneOf("gzip", "none")},
	{"INSECURE", oneOf("true", "false")},
	{"CERTIFICATE", readable},
	{"CLIENT_CERTIFICATE", readable},
	{"CLIENT_KEY", readable},
}

// checkEnv returns an *EnvError for each variable that cannot be used, joined.
func checkEnv() error {
	var errs []error
	for _, c := range checks {
		errs = append(errs, checkOne(c.name, c.check))
	}
	for _, c := range otlpChecks {
		errs = append(errs, checkOne(otlpPrefix+c.suffix, c.check), checkOne(tracesPrefix+c.suffix, c.check))
	}
	return errors.Join(append(errs, checkBatch())...)
}

func checkOne(name string, check check) error {
	value := getenv(name)
	if value == "" {
		return nil
	}
	fix := check(value)
	if fix == "" {
		return nil
	}
	if strings.HasSuffix(name, "HEADERS") {
		value = "(hidden)"
	}
	return &EnvError{Name: name, Value: value, Fix: fix}
}

// checkBatch compares what is only wrong together: a batch never fills when it
// is larger than the queue.
func checkBatch() error {
	batch, queue := envInt(envBatchSize, 0), envInt(envQueueSize, defaultQueueSize)
	if batch <= queue {
		return nil
	}
	return &EnvError{Name: envBatchSize, Value: strconv.Itoa(batch), Fix: fmt.Sprintf(
		"is more than %s, which is %d: make it that or less, or the queue larger", envQueueSize, queue)}
}

func oneOf(values ...string) check {
	return func(value string) string {
		if slices.Contains(values, strings.ToLower(value)) {
			return ""
		}
		return "use one of " + strings.Join(values, ", ")
	}
}

func positive(unit string) check {
	return func(value string) string {
		if n, err := strconv.Atoi(value); err == nil && n > 0 {
			return ""
		}
		return "use a whole number of " + unit + ", 1 or more, without a unit"
	}
}

func ratio(value string) string {
	if r, err := strconv.ParseFloat(value, 64); err == nil && r >= 0 && r <= 1 {
		return ""
	}
	return "use a number from 0 to 1, such as 0.25"
}

func endpoint(value string) string {
	u, err := url.Parse(value)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return ""
	}
	if !strings.Contains(value, "://") {
		return "has no scheme: use http://" + value + " or https://" + value
	}
	return "use a URL such as http://localhost:4318 (HTTP) or http://localhost:4317 (gRPC)"
}

// pairs checks a list of key=value. It never shows what it is given: headers
// hold secrets.
func pairs(key, value func(string) bool) check {
	return func(list string) string {
		for i, pair := range strings.Split(list, ",") {
			k, v, found := strings.Cut(pair, "=")
			if !found {
				return fmt.Sprintf("use key=value,key=value: part %d is no such pair", i+1)
			}
			if !key(strings.TrimSpace(k)) {
				return fmt.Sprintf("use key=value,key=value: the key of part %d is empty or has characters that no key may have", i+1)
			}
			plain, err := url.PathUnescape(v)
			if err != nil {
				return fmt.Sprintf("the value of part %d is not percent-encoded: write %% as %%25", i+1)
			}
			if !value(strings.TrimSpace(plain)) {
				return fmt.Sprintf("the value of part %d has characters that no value may have: leave them out", i+1)
			}
		}
		return ""
	}
}

func nonEmpty(key string) bool { return key != "" && utf8.ValidString(key) }

func text(value string) string {
	if utf8.ValidString(value) {
		return ""
	}
	return "write it in UTF-8"
}

// token is what RFC 9110 lets the name of a header be.
func token(key string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"
	return key != "" && strings.Trim(key, letters) == ""
}

// printable is what may stand in the value of a header.
func printable(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

func readable(path string) string {
	if _, err := os.ReadFile(path); err != nil {
		return "name a PEM file that can be read: " + err.Error()
	}
	return ""
}
