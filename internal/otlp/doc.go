// Package otlp is the one door between pdata and the domain packages: it reads
// spans into the terms of package flow and writes series as metrics.
//
// What it reads is borrowed from the incoming batch and must not outlive the call
// that the batch came with.
package otlp
