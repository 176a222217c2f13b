package grafana

import "strings"

// everything is the value of the choice "All".
const everything = "$__all"

// Source names the data source of a panel or variable.
type Source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// prometheus is the data source that is chosen at the head of the board.
var prometheus = Source{"prometheus", "${datasource}"}

// Variable is a choice at the head of a board. Make one with [DataSource], [Label] or
// [Interval].
type Variable struct {
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Description string   `json:"description"`
	Type        string   `json:"type"`
	Query       any      `json:"query"`
	Source      *Source  `json:"datasource,omitempty"`
	Current     *option  `json:"current,omitempty"`
	Options     []option `json:"options"`
	Refresh     int      `json:"refresh"`
	Sort        int      `json:"sort"`
	Multi       bool     `json:"multi"`
	IncludeAll  bool     `json:"includeAll"`
	AllValue    string   `json:"allValue,omitempty"`
	Hide        int      `json:"hide"`
}

type option struct {
	Selected bool   `json:"selected"`
	Text     string `json:"text"`
	Value    string `json:"value"`
}

// labelQuery is a query for the values of a label, as the editor of Prometheus's
// variables writes it.
type labelQuery struct {
	Query string `json:"query"`
	RefID string `json:"refId"`
	Type  int    `json:"qryType"`
}

// DataSource chooses among the data sources of a kind, such as "prometheus".
func DataSource(name, label, kind, description string) Variable {
	return Variable{
		Name: name, Label: label, Description: description, Type: "datasource", Query: kind,
		Options: []option{}, Refresh: 1,
	}
}

// Label chooses one, several or all values of a label of the series that the selector
// finds. All of them is the regular expression .*, so that series without the label are
// found too.
func Label(name, label, of, selector, description string) Variable {
	return Variable{
		Name: name, Label: label, Description: description, Type: "query", Source: &prometheus,
		Query:   labelQuery{"label_values(" + selector + ", " + of + ")", "PrometheusVariableQueryEditor-VariableQuery", 1},
		Current: &option{true, "All", everything}, Options: []option{},
		Refresh: 2, Sort: 1, Multi: true, IncludeAll: true, AllValue: ".*",
	}
}

// Interval chooses one of the durations, which are separated by commas; chosen is it at
// first.
func Interval(name, label, durations, chosen, description string) Variable {
	v := Variable{
		Name: name, Label: label, Description: description, Type: "interval", Query: durations,
		Current: &option{true, chosen, chosen},
	}
	for d := range strings.SplitSeq(durations, ",") {
		v.Options = append(v.Options, option{d == chosen, d, d})
	}
	return v
}
