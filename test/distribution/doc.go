// Package distribution tests that others can build our components into a collector
// of their own, as the README says.
package distribution
