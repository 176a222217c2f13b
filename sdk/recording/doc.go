// Package recording is the form in which runs are recorded: JSON lines, of which
// each says one thing about one run.
//
//	{"id":"4bf9…","run":{"v":1,"workflow":"support","start":"2026-11-23T16:00:00Z","in":{"text":"hi"}}}
//	{"id":"4bf9…","step":{"seq":0,"path":"validate","lane":"0","kind":"task","in":{"text":"hi"},"out":true}}
//	{"id":"4bf9…","step":{"seq":1,"path":"answer","lane":"1","kind":"task","err":{"text":"no luck","outcome":"error"}}}
//	{"id":"4bf9…","end":{"outcome":"error"}}
//
// The lines of several runs may lie between each other. Package workflow writes
// them (Record) and runs a workflow by them again (Replay).
package recording
