package cost

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ReadFiles reads price files. All that fail are told, with their keys in the configuration.
func ReadFiles(paths []string) ([]File, error) {
	files := make([]File, len(paths))
	var errs []error
	for i, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			errs = append(errs, fmt.Errorf("catalog.files[%d]: %w", i, err))
		}
		files[i] = File{Path: path, Data: data}
	}
	return files, errors.Join(errs...)
}

// fileHead is what a file says about itself, in either form of ours.
type fileHead struct {
	Source  string `json:"source"`  // whose prices these are, "" for the name of the file
	Version string `json:"version"` // of the prices
	Date    string `json:"date"`    // when they were last looked at
	Note    string `json:"note"`    // for people
}

// priceFile is a file in our own form: the keys of overrides, with a head.
type priceFile struct {
	fileHead
	Currency string         `json:"currency"` // of the prices that name none, "" for US dollars
	Prices   []fileOverride `json:"prices"`
}

// genaiFile is a file of genai-prices with a head.
type genaiFile struct {
	fileHead
	Currency  string          `json:"currency"` // must be US dollars
	Providers []genaiProvider `json:"providers"`
}

// fileOverride is an Override in JSON, with where its figures stand.
type fileOverride struct {
	Provider   string             `json:"provider"`
	Model      ModelMatch         `json:"model"`
	As         string             `json:"as"`
	From       string             `json:"effective_from"`
	To         string             `json:"effective_to"`
	When       fileWhen           `json:"when"`
	Currency   string             `json:"currency"`
	Prices     map[string]float64 `json:"prices"`
	Tiers      []fileTier         `json:"tiers"`
	MinSeconds float64            `json:"min_seconds"`
	Source     string             `json:"source"`
}

type fileWhen struct {
	ServiceTier string `json:"service_tier"`
	HoursUTC    string `json:"hours_utc"`
}

type fileTier struct {
	Above  int64              `json:"above_input_tokens"`
	From   int64              `json:"from_input_tokens"`
	Prices map[string]float64 `json:"prices"`
}

// compileFile turns a file into a layer. What is wrong is told under path, as in catalog.files[0].
func (f *faults) compileFile(c *Catalog, path string, file *File) *layer {
	data := bytes.TrimSpace(file.Data)
	if len(data) > 0 && data[0] == '[' {
		var list []genaiProvider
		if f.decode(path, file, &list, false) {
			l := newLayer(nameOf(file), SourceCatalog, time.Time{})
			f.compileGenai(path, l, list)
			return l
		}
		return nil
	}
	var keys map[string]json.RawMessage
	if !f.decode(path, file, &keys, false) {
		return nil
	}
	switch whose := shapeOf(keys); whose {
	case shapeOurs:
		return f.compilePriceFile(c, path, file)
	case shapeGenai:
		return f.compileGenaiFile(path, file)
	default:
		f.errorf("%s: %s", path, whose)
		return nil
	}
}

// shape is the form of a file; those that are not read are named by what to say about them.
type shape string

const (
	shapeOurs    shape = "prices"
	shapeGenai   shape = "providers"
	shapeLiteLLM shape = "looks like a LiteLLM price file; convert it with workflow-price -convert-litellm FILE"
	shapeOpenLIT shape = "looks like an OpenLIT price file; state the prices you need as in docs/cost.md, per 1,000,000 tokens"
	shapeUnknown shape = `needs a list "prices" (see docs/cost.md), or the providers of genai-prices`
)

func shapeOf(keys map[string]json.RawMessage) shape {
	switch {
	case keys["prices"] != nil:
		return shapeOurs
	case keys["providers"] != nil:
		return shapeGenai
	case keys["chat"] != nil && keys["embeddings"] != nil:
		return shapeOpenLIT
	}
	for _, raw := range keys {
		if bytes.Contains(raw, []byte("_cost_per_")) || bytes.Contains(raw, []byte("litellm_provider")) {
			return shapeLiteLLM
		}
	}
	return shapeUnknown
}

func (f *faults) compileGenaiFile(path string, file *File) *layer {
	var in genaiFile
	if !f.decode(path, file, &in, false) {
		return nil
	}
	if in.Currency != "" && in.Currency != dollars {
		f.errorf("%s: currency: must be USD where there are providers, got %q: state the prices as a list of prices", path, in.Currency)
	}
	l := f.layerOf(path, file, &in.fileHead)
	f.compileGenai(path, l, in.Providers)
	return l
}

func (f *faults) compilePriceFile(c *Catalog, path string, file *File) *layer {
	var in priceFile
	if !f.decode(path, file, &in, true) {
		return nil
	}
	l := f.layerOf(path, file, &in.fileHead)
	known := len(f.errs)
	if f.ratesOf(c, path+": currency", in.Currency); len(f.errs) > known {
		in.Currency = "" // is told once
	}
	overrides := make([]Override, len(in.Prices))
	for i := range in.Prices {
		o := f.override(fmt.Sprintf("%s: prices[%d]", path, i), &in.Prices[i])
		if o.As == "" {
			o.Currency = cmp.Or(o.Currency, in.Currency)
		}
		overrides[i] = o
	}
	l.rules = f.compileOverrides(c, path+": prices", overrides)
	l.sortRules()
	return l
}

func (f *faults) layerOf(path string, file *File, head *fileHead) *layer {
	ref := cmp.Or(head.Source, nameOf(file))
	if head.Version != "" {
		ref += "@" + head.Version
	}
	return newLayer(ref, SourceCatalog, f.date(path+": date", head.Date))
}

func nameOf(file *File) string {
	return strings.TrimSuffix(filepath.Base(file.Path), filepath.Ext(file.Path))
}

func (f *faults) override(path string, in *fileOverride) Override {
	o := Override{
		Provider: in.Provider, Model: in.Model, As: in.As, Currency: in.Currency, Prices: in.Prices, MinSeconds: in.MinSeconds,
		From: f.date(path+".effective_from", in.From),
		To:   f.date(path+".effective_to", in.To),
		When: When(in.When),
	}
	for _, t := range in.Tiers {
		o.Tiers = append(o.Tiers, Tier(t))
	}
	return o
}

func (f *faults) date(path, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := parseDate(text)
	if err != nil {
		f.errorf("%s: %w", path, err)
	}
	return t
}

// decode reads JSON and tells the line of a mistake.
func (f *faults) decode(path string, file *File, into any, strict bool) bool {
	d := json.NewDecoder(bytes.NewReader(file.Data))
	if strict {
		d.DisallowUnknownFields()
	}
	err := d.Decode(into)
	if err == nil && len(bytes.TrimSpace(file.Data[d.InputOffset():])) > 0 {
		err = errors.New("unexpected text after the end")
	}
	if err == nil {
		return true
	}
	at := d.InputOffset()
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &wrongType):
		at = wrongType.Offset
		err = fmt.Errorf("%s must not be a %s", cmp.Or(wrongType.Field, "the whole"), wrongType.Value)
	}
	at = min(at, int64(len(file.Data)))
	line := 1 + bytes.Count(file.Data[:at], []byte("\n"))
	f.errorf("%s: %s: line %d: %w", path, file.Path, line, err)
	return false
}
