// Package budgets keeps the accounts of many service level objectives, one for each group,
// and everything that is done to them in the form of records, so that a process that starts
// again can do the same once more.
//
//	Batch.Add … Batch.Add ──► Batch.AppendRecord ──► record ──► kept by the caller
//	                                                   │
//	                                                   ▼
//	                              Book.Apply: books it, ticks all accounts, shows them
//
// What happens between two ticks is gathered in a [Batch], written as a record, and only then
// done, from the record: a [Book] that is given the same records comes to the same state. So
// after a crash
//
//	snapshot, record, record      Restore, Replay, Replay
//
// leads to where the process was.
//
// # Counters
//
// A counter that is shown must never fall, over crashes too: Prometheus would take the whole
// of it for an increase. Therefore a record is kept before what it counts is shown, and while
// keeping fails the counters stay as they are; all else is shown as it is.
//
//	record kept   yes   yes   no    no    yes
//	bad events      3     4     6     7     9      of the account
//	shown           3     4     4     4     9
//
// A new group shows 0 once before it shows what it counted, because an increase is only seen
// from one value to the next.
package budgets
