package cost

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the prices
	"io"
)

// builtinData is genai-prices (MIT, see catalog/LICENSE.genai-prices) as gencatalog writes it.
//
//go:embed catalog/genai-prices.json.gz
var builtinData []byte

// builtinOverlay is what genai-prices lacks, each price with its source.
//
//go:embed catalog/overlay.json
var builtinOverlay []byte

// compileBuiltin lays the embedded prices down, and what they lack over them.
func (f *faults) compileBuiltin(c *Catalog) {
	data, err := unzip(builtinData)
	if err != nil {
		f.errorf("the embedded prices are broken: %w", err)
		return
	}
	c.put(f.compileGenaiFile("catalog.builtin", &File{Path: "genai-prices.json", Data: data}))
	c.put(f.compilePriceFile(c, "catalog.builtin", &File{Path: "overlay.json", Data: builtinOverlay}))
}

func unzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
