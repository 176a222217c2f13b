package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/otlptranslator"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
)

// page writes the tables and notes what it has explained. Not safe for concurrent use.
type page struct {
	root      string
	explained map[string]bool // metrics and attributes
	bears     map[string]bool // attributes of the tables
}

func newPage(root string) *page {
	return &page{root: root, explained: map[string]bool{}, bears: map[string]bool{}}
}

// row is a line of a table of metrics.
type row struct {
	name, prometheus, kind, unit, description, when string
	attributes                                      []string
}

const head = "| Metric | In Prometheus | Kind, unit | Attributes | Meaning | There when |\n|---|---|---|---|---|---|\n"

func table(rows []row) string {
	var out strings.Builder
	out.WriteString(head)
	for i := range rows {
		r := &rows[i]
		cells := []string{code(r.name), code(r.prometheus), strings.TrimSpace(r.kind + " " + code(r.unit)), codes(r.attributes), r.description, r.when}
		fmt.Fprintf(&out, "| %s |\n", strings.ReplaceAll(strings.Join(cells, " | "), "|  |", "| |"))
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func codes(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = code(s)
	}
	return strings.Join(quoted, ", ")
}

// row returns the line of a metric of ours, which when must explain.
func (p *page) row(m *metric.Metric) (row, error) {
	condition, ok := when[m.Name]
	if !ok {
		return row{}, fmt.Errorf("%s: nothing says when it is there: add it to when.go", m.Name)
	}
	p.explained[m.Name] = true
	for _, a := range m.Attributes {
		p.bears[a] = true
	}
	name, err := prometheusName(m)
	return row{m.Name, name, kinds[m.Kind], m.Unit, m.Description, condition, m.Attributes}, err
}

//nolint:gochecknoglobals // a table, never written to.
var kinds = [...]string{metric.Count: "counter", metric.Amount: "counter", metric.Distribution: "histogram", metric.Level: "gauge"}

// anyWindow stands in a name for a window.
const anyWindow = "<window>"

// prometheusName returns the name that the prometheus exporter gives the metric.
func prometheusName(m *metric.Metric) (string, error) {
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	bare, windowed := strings.CutSuffix(m.Name, anyWindow)
	name, err := namer.Build(otlptranslator.Metric{Name: bare, Unit: m.Unit, Type: [...]otlptranslator.MetricType{
		metric.Count:        otlptranslator.MetricTypeMonotonicCounter,
		metric.Amount:       otlptranslator.MetricTypeMonotonicCounter,
		metric.Distribution: otlptranslator.MetricTypeExponentialHistogram,
		metric.Level:        otlptranslator.MetricTypeGauge,
	}[m.Kind]})
	if windowed {
		name += anyWindow
	}
	return name, err
}

func (p *page) rows(metrics []*metric.Metric) (string, error) {
	rows := make([]row, 0, len(metrics))
	for _, m := range metrics {
		r, err := p.row(m)
		if err != nil {
			return "", err
		}
		rows = append(rows, r)
	}
	return table(rows), nil
}

// attributes writes what the attributes of all tables mean, and which each has.
func (p *page) attributes() (string, error) {
	var out strings.Builder
	out.WriteString("| Attribute | Label | Meaning |\n|---|---|---|\n")
	for _, a := range everywhere {
		p.bears[a] = true
	}
	for _, a := range slices.Sorted(maps.Keys(p.bears)) {
		meaning, ok := meanings[a]
		if !ok {
			return "", fmt.Errorf("%s: nothing says what it means: add it to meaning.go", a)
		}
		label, err := new(otlptranslator.LabelNamer).Build(a)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "| `%s` | `%s` | %s |\n", a, label, meaning)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// unused is the error of explanations of what is not there.
func (p *page) unused() error {
	for name := range when {
		if !p.explained[name] {
			return fmt.Errorf("when.go explains %s, which no table has", name)
		}
	}
	for name := range meanings {
		if !p.bears[name] {
			return fmt.Errorf("meaning.go explains %s, which no metric bears", name)
		}
	}
	return nil
}
