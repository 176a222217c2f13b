// Package otlp writes spans of the OpenTelemetry SDK as OTLP messages.
//
// The exporters of OpenTelemetry build a tree of some thirty objects a span and
// then marshal it, which takes most of the time that tracing costs an
// application. Here a batch becomes bytes in one pass and one buffer; what sends
// them is still the clients of OpenTelemetry:
//
//	9 attributes a span    objects, marshalled    written at once
//	time a span                         4.1 µs             1.3 µs
//	allocations a span                      33                  0
//
// Texts that are not UTF-8, for which a receiver would refuse their batch, are
// mended on the way.
package otlp
