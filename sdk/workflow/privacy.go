package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
)

// privacy says what may leave a run as text.
type privacy struct {
	redact  func(string) string // nil leaves texts as they are
	content int                 // bytes of what models and tools are told and say; 0 is none of it
}

// privacyOf returns what holds for the run of ctx; outside of one, nothing does.
func privacyOf(ctx context.Context) privacy {
	if f := frameOf(ctx); f != nil {
		return f.run.def.privacy
	}
	return privacy{}
}

// text returns at most limit bytes of what may be shown of a text.
func (p privacy) text(text string, limit int) string {
	return clip(p.whole(text), limit)
}

// whole returns what may be shown of a text. A redactor that panics shows nothing
// and breaks nothing.
func (p privacy) whole(text string) (shown string) {
	if p.redact == nil {
		return text
	}
	defer func() {
		if recover() != nil {
			shown = "redacted"
		}
	}()
	return p.redact(text)
}

// failure returns the text of an error. Sprint survives a nil pointer.
func (p privacy) failure(err error, limit int) string {
	return p.text(fmt.Sprint(err), limit)
}

// log returns what a log may say of an error.
func (p privacy) log(err error) []slog.Attr {
	return []slog.Attr{slog.String("error_type", errorType(err)), slog.String("error", p.failure(err, maxLogText))}
}

// attr returns what a log may say of an attribute.
func (p privacy) attr(kv attribute.KeyValue) slog.Attr {
	switch key := string(kv.Key); kv.Value.Type() {
	case attribute.BOOL:
		return slog.Bool(key, kv.Value.AsBool())
	case attribute.INT64:
		return slog.Int64(key, kv.Value.AsInt64())
	case attribute.STRINGSLICE:
		return slog.Any(key, kv.Value.AsStringSlice())
	default:
		return slog.String(key, p.text(kv.Value.String(), maxLogText))
	}
}

// json returns what may be shown of a JSON value: every string in it is redacted,
// names of fields are not.
func (p privacy) json(raw []byte) []byte {
	if p.redact == nil {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return raw // never: it was just made by json.Marshal
	}
	shown, err := json.Marshal(p.inside(value))
	if err != nil {
		return raw
	}
	return shown
}

func (p privacy) inside(value any) any {
	switch v := value.(type) {
	case string:
		return p.whole(v)
	case []any:
		for i := range v {
			v[i] = p.inside(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = p.inside(v[key])
		}
	}
	return value
}
