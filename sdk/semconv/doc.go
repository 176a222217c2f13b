// Package semconv holds the names that workflow spans are made of: attribute
// keys, span name prefixes and the values with a fixed vocabulary.
//
// The SDK writes them and the collector reads them, so each one is spelled
// here and nowhere else. All are untyped string constants: they fit
// attribute.Key, map keys and plain strings alike.
package semconv
