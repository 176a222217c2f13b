package cost

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the prices
	"io"
	"sync"
)

// builtinData is genai-prices (MIT, see catalog/LICENSE.genai-prices) as gencatalog writes it.
//
//go:embed catalog/genai-prices.json.gz
var builtinData []byte

// builtinOverlay is what genai-prices lacks, each price with its source.
//
//go:embed catalog/overlay.json
var builtinOverlay []byte

// builtinLayers are the embedded prices and what is laid over them. Nothing changes a layer, so that all
// catalogs share one.
var builtinLayers = sync.OnceValues(compileBuiltin)

func compileBuiltin() ([]*layer, error) {
	data, err := unzip(builtinData)
	if err != nil {
		return nil, err
	}
	const path = "the embedded prices"
	var f faults
	c := &Catalog{}
	base := f.compileGenaiFile(path, &File{Path: "genai-prices.json", Data: data})
	c.put(base)
	over := f.compilePriceFile(c, path, &File{Path: "overlay.json", Data: builtinOverlay})
	return []*layer{base, over}, f.err()
}

func unzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
