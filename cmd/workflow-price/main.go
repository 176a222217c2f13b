// Program workflow-price says what a call of a model costs, and why.
//
//	workflow-price -input 12000 -cache-read 5000 -output 1000 anthropic/claude-sonnet-4-5
//
// It prices as the cost processor does: with the same embedded prices, files and rules. It exits with 0 if the call
// has a price, with 1 if it has none, and with 2 if it was asked wrongly.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

const (
	exitPriced = iota
	exitUnpriced
	exitUsage
)

func main() {
	os.Exit(run(os.Args[1:], time.Now(), os.Stdout, os.Stderr))
}

func run(args []string, now time.Time, stdout, stderr io.Writer) int {
	q, err := parse(args, now, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitPriced
	}
	if err != nil {
		return refuse(stderr, err)
	}
	files, err := cost.ReadFiles(q.files)
	if err != nil {
		return refuse(stderr, err)
	}
	catalog, warnings, err := cost.New(cost.Settings{Builtin: !q.noBuiltin, Files: files})
	for _, w := range warnings {
		fmt.Fprintln(stderr, "workflow-price: warning:", w)
	}
	if err != nil {
		return refuse(stderr, err)
	}
	if q.Baseline != "" && !catalog.Has(q.Baseline) {
		return refuse(stderr, fmt.Errorf("-baseline: model %q is not in the catalog", q.Baseline))
	}
	return report(stdout, catalog, &q.Request)
}

func refuse(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "workflow-price:", err)
	return exitUsage
}
