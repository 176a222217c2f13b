// Program workflow-price says what a call of a model costs, and why.
//
//	workflow-price -input 12000 -cache-read 5000 -output 1000 anthropic/claude-sonnet-4-5
//
// It prices as the cost processor does: with the same embedded prices, files and rules. It exits with 0 if the call
// has a price, with 1 if it has none, and with 2 if it was asked wrongly.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

const (
	exitPriced = iota
	exitUnpriced
	exitUsage
)

func main() {
	out, errs, code := run(os.Args[1:], time.Now())
	_, err1 := os.Stdout.WriteString(out)
	_, err2 := os.Stderr.WriteString(errs)
	if errors.Join(err1, err2) != nil {
		code = exitUsage
	}
	os.Exit(code)
}

// run answers a command line: what goes to the standard output, what to the standard error, and the exit code.
func run(args []string, now time.Time) (out, errs string, code int) {
	var answer, said strings.Builder
	q, err := parse(args, now)
	var help helpError
	if errors.As(err, &help) {
		return string(help), "", exitPriced
	}
	if err != nil {
		return "", complaint(err), exitUsage
	}
	if q.litellm != "" {
		return convert(q.litellm)
	}
	files, err := cost.ReadFiles(q.files)
	if err != nil {
		return "", complaint(err), exitUsage
	}
	catalog, warnings, err := cost.New(cost.Settings{Builtin: !q.noBuiltin, Files: files, Rates: q.fx})
	for _, w := range warnings {
		said.WriteString("workflow-price: warning: " + w + "\n")
	}
	if err == nil && q.Baseline != "" && !catalog.Has(q.Baseline) {
		err = fmt.Errorf("-baseline: model %q is not in the catalog", q.Baseline)
	}
	if err != nil {
		return "", said.String() + complaint(err), exitUsage
	}
	code = report(&answer, catalog, &q.Request)
	return answer.String(), said.String(), code
}

// convert answers -convert-litellm.
func convert(path string) (out, errs string, code int) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", complaint(err), exitUsage
	}
	out, left, err := convertLiteLLM(data)
	if err != nil {
		return "", complaint(err), exitUsage
	}
	if left > 0 {
		errs = fmt.Sprintf("workflow-price: %d entries have no price that spans could be charged by, or one that another has too\n", left)
	}
	return out, errs, exitPriced
}

func complaint(err error) string { return "workflow-price: " + err.Error() + "\n" }
