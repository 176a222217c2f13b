// Command gendocs writes docs/metrics.md from the tables of package metric, which the
// components write their metrics from, and from the metadata.yaml files, which their
// metrics about themselves are generated from. It fails if a metric or an attribute has no
// word of explanation, and if an explanation is of nothing.
package main
