// Package recordings sends recorded spans through the built collector and compares what it
// counts with what a manifest expects. README.md says how to run it on a folder of your own.
package recordings
