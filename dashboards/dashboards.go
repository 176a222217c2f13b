// Package dashboards holds the boards for Grafana, as JSON files that Grafana loads, and
// tells which queries they ask. The files are written by gen: `make generate`.
package dashboards

//go:generate go run ./gen

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

//go:embed *.json
var files embed.FS

// Query is one query of a panel.
type Query struct {
	// Board is the uid of the board, Panel the title of the panel and RefID the id of the
	// query in it; together they are unique.
	Board, Panel, RefID string
	// Expr is PromQL with Grafana's variables, which [Bind] replaces.
	Expr string
	// Instant says that the panel shows only the latest values.
	Instant bool
	// Exemplar says that the panel shows exemplars.
	Exemplar bool
	// MayBeEmpty says that there is nothing to show where all is well or a feature is not
	// in use, as the description of the panel tells after the word "Empty".
	MayBeEmpty bool
}

// Defaults are values of the variables with which a board shows everything, over the last
// 15 minutes. It is safe for concurrent use.
func Defaults() map[string]string {
	return map[string]string{
		"workflow": ".*", "service": ".*", "tenant": ".*", "slo": ".*",
		"interval": "5m", "__range": "15m", "__rate_interval": "1m",
	}
}

// variable is how Grafana's variables are written in our queries.
var variable = regexp.MustCompile(`\$(\w+)`)

// Bind replaces the variables of an expression by their values. One without a value is an
// error that names it. It is safe for concurrent use.
func Bind(expr string, values map[string]string) (string, error) {
	var unknown []string
	out := variable.ReplaceAllStringFunc(expr, func(found string) string {
		value, ok := values[found[1:]]
		if !ok {
			unknown = append(unknown, found)
		}
		return value
	})
	if unknown != nil {
		return "", fmt.Errorf("%s: no value for %s", expr, strings.Join(unknown, ", "))
	}
	return out, nil
}

// board is what we read of a board.
type board struct {
	UID    string `json:"uid"`
	Panels []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Targets     []struct {
			RefID    string `json:"refId"`
			Expr     string `json:"expr"`
			Instant  bool   `json:"instant"`
			Exemplar bool   `json:"exemplar"`
		} `json:"targets"`
	} `json:"panels"`
}

// Queries returns the queries of all boards, in the order of files, panels and ids. It is
// safe for concurrent use.
func Queries() ([]Query, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var out []Query
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		var b board
		if err := json.Unmarshal(text, &b); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		out = append(out, b.queries()...)
	}
	return out, nil
}

func (b *board) queries() []Query {
	var out []Query
	for _, p := range b.Panels {
		for _, t := range p.Targets {
			out = append(out, Query{
				Board: b.UID, Panel: p.Title, RefID: t.RefID, Expr: t.Expr,
				Instant: t.Instant, Exemplar: t.Exemplar, MayBeEmpty: strings.Contains(p.Description, "Empty "),
			})
		}
	}
	return out
}
