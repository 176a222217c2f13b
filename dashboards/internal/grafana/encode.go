package grafana

import (
	"bytes"
	"encoding/json"
)

// Encode returns the JSON of the board, indented and ending in a line break. The same
// board gives the same bytes.
func (b Board) Encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(b.model()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
