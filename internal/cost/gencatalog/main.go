package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

func main() {
	if err := run(os.Args[1:], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "gencatalog:", err)
		os.Exit(1)
	}
}

// catalog is the file that package cost embeds.
type catalog struct {
	Source    string `json:"source"`
	Version   string `json:"version"`
	Date      string `json:"date"`
	Providers any    `json:"providers"`
}

func run(args []string, providers io.Reader) error {
	flags := flag.NewFlagSet("gencatalog", flag.ContinueOnError)
	version := flags.String("version", "", "version of genai-prices")
	date := flags.String("date", "", "day on which that version was published, as 2026-09-23")
	out := flags.String("out", "", "file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *version == "" || *date == "" || *out == "" {
		return errors.New("-version, -date and -out are required")
	}
	data, err := write(providers, *version, *date)
	if err != nil {
		return err
	}
	if err := check(data); err != nil {
		return err
	}
	packed, err := pack(data)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, packed, 0o600)
}

// write turns the providers into the embedded form. Objects are written with sorted keys, so that the same
// release gives the same bytes.
func write(providers io.Reader, version, date string) ([]byte, error) {
	d := json.NewDecoder(providers)
	d.UseNumber()
	var list []any
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("the providers: %w", err)
	}
	slim(list)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(catalog{Source: "genai-prices", Version: version, Date: date, Providers: list})
	return out.Bytes(), err
}

// check reads the result back. A warning is a unit that package cost does not know.
func check(data []byte) error {
	_, warnings, err := cost.New(cost.Settings{Files: []cost.File{{Path: "genai-prices.json", Data: data}}})
	for _, w := range warnings {
		err = errors.Join(err, errors.New(w))
	}
	return err
}

// pack compresses without a time, so that the same data gives the same bytes.
func pack(data []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(data)
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
}

// unpriced are the fields that no price depends on.
var unpriced = map[string]bool{
	"name": true, "description": true, "pricing_urls": true, "price_comments": true, "extractors": true,
	"context_window": true, "deprecated": true,
}

// slim drops the fields that no price depends on, of providers and of their models.
func slim(objects []any) {
	for _, o := range objects {
		fields, ok := o.(map[string]any)
		if !ok {
			continue
		}
		for key := range unpriced {
			delete(fields, key)
		}
		if models, ok := fields["models"].([]any); ok {
			slim(models)
		}
	}
}
