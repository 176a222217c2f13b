// Package form checks a configuration before it is decoded. The decoder of the Collector
// names Go types and does not show the value; a form names the key, shows the value and
// says what is wanted:
//
//	windows::0: must be a duration with its unit such as 5m (got 5)
//	window: no such key, there are metric, windows, quantiles
//
// The type of the configuration is the form: its mapstructure tags are the keys, and
// types of its fields that are a [Form] say which values they take.
package form
