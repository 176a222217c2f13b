package sloprocessor

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// placeholder is what templates put in place of a window.
var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

var errNotPlain = errors.New("query is not a plain selector; set metricSource.type: OpenTelemetry")

// promSelector reads a query that does no more than choose series: a selector, or the sum of
// its rate or increase.
//
//	sum(rate(http_requests_total{code=~"200|204"}[5m]))   http_requests_total, {code: [200, 204]}
func promSelector(spec map[string]any) (s selector, err error) {
	query, _ := spec["query"].(string)
	if query == "" {
		return s, errors.New("metricSource.spec.query is missing")
	}
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(placeholder.ReplaceAllString(query, "5m"))
	if err != nil {
		return s, fmt.Errorf("query %q: %w", query, err)
	}
	found := plain(expr)
	if found == nil || found.Offset != 0 || found.OriginalOffset != 0 {
		return s, errNotPlain
	}
	s.metric, s.filter = found.Name, Filter{}
	for _, m := range found.LabelMatchers {
		if err := s.match(m); err != nil {
			return s, err
		}
	}
	if s.metric == "" {
		return s, errNotPlain
	}
	return s, nil
}

// plain returns the one selector of an expression, nil if there is more to it.
func plain(expr parser.Expr) *parser.VectorSelector {
	switch e := expr.(type) {
	case *parser.VectorSelector:
		return e
	case *parser.MatrixSelector:
		return plain(e.VectorSelector)
	case *parser.ParenExpr:
		return plain(e.Expr)
	case *parser.AggregateExpr:
		if e.Op == parser.SUM {
			return plain(e.Expr)
		}
	case *parser.Call:
		if (e.Func.Name == "rate" || e.Func.Name == "increase") && len(e.Args) == 1 {
			return plain(e.Args[0])
		}
	}
	return nil
}

// match adds a condition.
func (s *selector) match(m *labels.Matcher) error {
	if m.Name == model.MetricNameLabel {
		s.metric = m.Value
		return nil
	}
	values, not := []string{m.Value}, ""
	switch m.Type {
	case labels.MatchEqual:
	case labels.MatchNotEqual:
		not = "!"
	case labels.MatchNotRegexp:
		not, values = "!", m.SetMatches()
	case labels.MatchRegexp:
		values = m.SetMatches()
	}
	if len(values) == 0 {
		return fmt.Errorf("query: %s is not a list of values; set metricSource.type: OpenTelemetry", m)
	}
	if _, twice := s.filter[m.Name]; twice {
		return fmt.Errorf("query: label %s is matched twice; set metricSource.type: OpenTelemetry", m.Name)
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = not + v
	}
	s.filter[m.Name] = list
	return nil
}
