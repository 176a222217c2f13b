package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// reference is how a preset reads a variable: ${env:NAME:-default}.
var reference = regexp.MustCompile(`\$\{env:([A-Z_]+):-([^}]*)\}`)

// variables are what the presets read, and what each of them may be.
//
//nolint:gochecknoglobals // a table, never written to.
var variables = map[string]func(string) error{
	"LISTEN_HOST":      host,
	"MEMORY_LIMIT_MIB": number(1, 1<<24, "a whole number of MiB from 1"),
	"GATEWAY_ENDPOINT": address,
	"GATEWAY_INSECURE": flag,
	"TRACES_ENDPOINT":  address,
	"TRACES_INSECURE":  flag,
	"KEEP_PERCENT":     share,
	"STATE_DIR":        folder,
	"SLOW_MS":          number(1, 1<<40, "a whole number of milliseconds from 1"),
}

// CheckEnvironment looks at the environment variables that the text of a preset reads. The
// components would take many a wrong value, such as a share of 101 %, without a word. The
// error names each wrong variable, its value and what to write. It is safe for concurrent use.
func CheckEnvironment(text []byte) error {
	var wrong []error
	for _, name := range references(text) {
		value, set := os.LookupEnv(name)
		check, known := variables[name]
		if !set || !known {
			continue
		}
		if err := check(value); err != nil {
			wrong = append(wrong, fmt.Errorf("environment variable %s=%q: %w", name, value, err))
		}
	}
	return errors.Join(wrong...)
}

// references returns the names of the variables that the text reads, each once and in
// alphabetical order.
func references(text []byte) []string {
	var names []string
	for _, match := range reference.FindAllSubmatch(text, -1) {
		names = append(names, string(match[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func folder(v string) error {
	if v == "" {
		return errors.New("an empty name is no folder: unset it for .state, or write such as /var/lib/otelcol-workflow")
	}
	return nil
}

func host(v string) error {
	if v == "" {
		return errors.New("an empty host would listen on every address: unset it for localhost, or write 0.0.0.0")
	}
	if ip, err := netip.ParseAddr(v); err == nil && ip.Is6() {
		return fmt.Errorf("an IPv6 address stands in brackets: write [%s]", v)
	}
	if bare, open := strings.CutPrefix(v, "["); open {
		bare, closed := strings.CutSuffix(bare, "]")
		if ip, err := netip.ParseAddr(bare); closed && err == nil && ip.Is6() {
			return nil
		}
	}
	if strings.ContainsAny(v, ":/[] ") {
		return errors.New("write a host without scheme and port, such as localhost, 127.0.0.2 or [::1]")
	}
	return nil
}

// address takes host:port. What names a scheme is left to gRPC, which knows several.
func address(v string) error {
	if strings.Contains(v, "://") {
		return nil
	}
	if _, port, err := net.SplitHostPort(v); err == nil && number(1, 65535, "")(port) == nil {
		return nil
	}
	return errors.New("write host:port, such as tempo:4317")
}

func flag(v string) error {
	if v != "true" && v != "false" {
		return errors.New("write true or false")
	}
	return nil
}

func share(v string) error {
	if p, err := strconv.ParseFloat(v, 64); err != nil || !(p >= 0 && p <= 100) {
		return errors.New("write a percentage from 0 to 100")
	}
	return nil
}

// number returns a check for whole numbers in a range; what tells in words what to write.
func number(low, high int64, what string) func(string) error {
	return func(v string) error {
		if n, err := strconv.ParseInt(v, 10, 64); err != nil || n < low || n > high {
			return fmt.Errorf("write %s", what)
		}
		return nil
	}
}
