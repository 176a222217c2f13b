// Package e2e tests the built collector with real peers on the other end.
package e2e
