// Package docs tests the documentation: each fenced yaml block of a Markdown file is
// loaded by what it is written for, and each query is parsed and asks for our metrics.
package docs
