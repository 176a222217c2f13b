// Package shelf is where a component finds a storage extension, and what it keeps there.
package shelf
