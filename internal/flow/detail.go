package flow

import (
	"encoding/json"
	"strings"
)

// Detail is what a span says about a call beside its Reading that its price depends on. Its
// strings are borrowed. It is a plain value: concurrent reads are safe.
type Detail struct {
	RequestModel string // the model that was asked for
	ResponseTier string // the service tier that answered, in the words of the provider
	RequestTier  string // the service tier that was asked for
	Server       string // address or URL of the provider's API
	Parameters   bool   // the span has an attribute for a text of parameters, which is not among the DetailNames

	rank [detailCount]uint8
}

// DetailKey names an attribute that a Detail is read from; 0 is none.
type DetailKey uint8

// detailField is what such an attribute is about.
type detailField uint8

const (
	detailRequestModel detailField = iota
	detailResponseTier
	detailRequestTier
	detailParameters // JSON that may hold the tier asked for
	detailServer
	detailCount
)

// detailAttr is one row of the table of details. Of several attributes about the same field
// the highest rank wins.
type detailAttr struct {
	name  string
	field detailField
	rank  uint8
}

var detailTable = func() []detailAttr {
	rows := detailAttrs
	for i := range attrs {
		if a := &attrs[i]; a.field == fieldRequestModel {
			rows = append(rows, detailAttr{a.name, detailRequestModel, a.rank})
		}
	}
	return rows
}()

var detailWords = func() words {
	names := make([]string, len(detailTable))
	for i := range detailTable {
		names[i] = detailTable[i].name
	}
	return newWords(names)
}()

// DetailNames returns the attributes that a Detail is read from, but for texts of parameters:
// these hold much else, which differs from call to call.
func DetailNames() []string {
	var names []string
	for i := range detailTable {
		if a := &detailTable[i]; a.field != detailParameters {
			names = append(names, a.name)
		}
	}
	return names
}

// LookupDetail returns the key of an attribute name, or 0.
func LookupDetail(name string) DetailKey { return DetailKey(detailWords.find(name) + 1) }

// Text takes an attribute whose value is a string; any other value is as none, "".
func (d *Detail) Text(k DetailKey, v string) {
	if k == 0 || int(k) > len(detailTable) {
		return
	}
	a := &detailTable[k-1]
	field := a.field
	d.Parameters = d.Parameters || field == detailParameters
	if v == "" {
		return
	}
	if field == detailParameters {
		if v = tierOf(v); v == "" {
			return
		}
		field = detailRequestTier
	}
	if d.rank[field] >= a.rank {
		return
	}
	d.rank[field] = a.rank
	switch field {
	case detailRequestModel:
		d.RequestModel = v
	case detailResponseTier:
		d.ResponseTier = v
	case detailRequestTier:
		d.RequestTier = v
	case detailServer:
		d.Server = v
	case detailParameters, detailCount:
	}
}

// tierOf returns the service tier among the parameters of a request, "" if there is none.
// Anthropic calls its tier of fast output a speed.
func tierOf(parameters string) string {
	if len(parameters) > maxJSON || !strings.Contains(parameters, `"service_tier"`) && !strings.Contains(parameters, `"speed"`) {
		return ""
	}
	var p struct {
		ServiceTier any `json:"service_tier"`
		Speed       any `json:"speed"`
	}
	if json.Unmarshal([]byte(parameters), &p) != nil {
		return ""
	}
	if tier, ok := p.ServiceTier.(string); ok && tier != "" {
		return tier
	}
	speed, _ := p.Speed.(string)
	return speed
}
