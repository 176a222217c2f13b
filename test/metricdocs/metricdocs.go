// Package metricdocs reads docs/metrics.md, so that what names metrics, such as rules and
// dashboards, can be held to it.
//
//	metrics, err := metricdocs.Read(root)
//	metrics.Knows("workflow_runs_total")                              // true
//	metrics.Knows("workflow_run_duration_explicit_seconds_bucket")    // true: it has buckets
//	metrics.Knows("workflow_runs")                                    // false
package metricdocs

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Row is a metric of the page.
type Row struct {
	// Section is the heading above the table.
	Section string
	// Name in OTLP, "" of metrics on port 8888.
	Name string
	// Prometheus is the name there; <window> in it stands for a window such as 5m.
	Prometheus string
	// Kind is counter, gauge or histogram.
	Kind string
	// Unit in OTLP, "" where there is none.
	Unit string
	// Attributes that the row lists.
	Attributes []string
	// Common are attributes that the section says are on every series.
	Common []string
	// Description is the meaning.
	Description string
}

// Metrics are those of the page, in its order. They are never changed: safe for concurrent use.
type Metrics []Row

// Read reads the page of the repository in that folder.
func Read(root string) (Metrics, error) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "metrics.md"))
	if err != nil {
		return nil, err
	}
	all := parse(string(text))
	if len(all) == 0 {
		return nil, errors.New("docs/metrics.md has no table of metrics")
	}
	return all, nil
}

const (
	served = "| Metric | In Prometheus | Kind, unit | Attributes | Meaning |"
	own    = "| In Prometheus | Kind, unit | Attributes | Meaning |"
	common = "On every series: "
)

func parse(text string) Metrics {
	var (
		all    Metrics
		now    Row // the section and what is common to it
		column = -1
	)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
			now = Row{Section: strings.TrimLeft(line, "# ")}
		case strings.HasPrefix(line, common):
			now.Common = quoted(line)
		case strings.HasPrefix(line, served):
			column = 1
		case strings.HasPrefix(line, own):
			column = 0
		case !strings.HasPrefix(line, "|"):
			column = -1
		case column >= 0 && !strings.HasPrefix(line, "|--"):
			all = append(all, now.with(line, column))
		}
	}
	return all
}

// with returns the row of a line whose Prometheus name stands in that column.
func (r Row) with(line string, column int) Row {
	cells := strings.Split(strings.Trim(line, "| "), " |")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if column > 0 {
		r.Name = strings.Trim(cells[0], "`")
	}
	r.Prometheus = strings.Trim(cells[column], "`")
	kind, unit, _ := strings.Cut(cells[column+1], " ")
	r.Kind, r.Unit = kind, strings.Trim(unit, "`")
	r.Attributes = quoted(cells[column+2])
	r.Description = cells[column+3]
	return r
}

var code = regexp.MustCompile("`([^`]+)`")

// quoted returns what is set as code.
func quoted(text string) []string {
	var all []string
	for _, found := range code.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}

var window = regexp.MustCompile(`^[0-9]+[smhd]$`)

// Knows tells whether the page has a metric of that name in Prometheus. Of a histogram it
// knows the series of its text form too.
func (m Metrics) Knows(name string) bool {
	for i := range m {
		if m[i].is(name) {
			return true
		}
	}
	return false
}

func (r *Row) is(name string) bool {
	if bare, windowed := strings.CutSuffix(r.Prometheus, "<window>"); windowed {
		rest, found := strings.CutPrefix(name, bare)
		return found && window.MatchString(rest)
	}
	rest, found := strings.CutPrefix(name, r.Prometheus)
	switch {
	case !found:
		return false
	case r.Kind == "histogram":
		return rest == "" || rest == "_bucket" || rest == "_sum" || rest == "_count"
	default:
		return rest == ""
	}
}
