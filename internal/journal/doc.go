// Package journal keeps state in a key-value store so that a process killed at any moment
// finds, when it starts again, all that it was told is kept.
//
// The state is a snapshot, in parts, and the records of what happened since. A new snapshot
// goes beside the old one, and one write of the index switches over:
//
//	v1/index     generation 7, 3 parts
//	v1/a/part/0 …                       generation 6: no longer valid, and deleted
//	v1/b/part/0 part/1 part/2           generation 7: the snapshot
//	v1/b/record/0 record/1              generation 7: what happened since
//	v1/b/record/2                       generation 5: left over, where the records end
//
// So a store that writes one value at a time suffices; one that writes several together is
// quicker. Each value bears its generation and a checksum that covers its key as well: a
// value that is torn, changed or in another's place is told from a good one. What is bad is
// kept under its key with ".bad" appended, and never keeps the rest from being read.
package journal
