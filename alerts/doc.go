// Package alerts tests what lies beside it: the rules, by promtool; the routes, by
// amtool; what hides what, on a running Alertmanager; and that every alert is tested,
// routed, and explained by a runbook.
package alerts
