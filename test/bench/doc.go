// Package bench measures the built collector as a whole.
package bench
