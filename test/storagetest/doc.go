// Package storagetest has storage extensions for tests, one in memory that can be made to fail
// and the real one in files, and a host that has them.
package storagetest
