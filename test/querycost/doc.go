// Package querycost counts the samples that Prometheus reads for our rules and boards,
// beside those for rules that ask the same of other series.
package querycost
