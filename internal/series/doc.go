// Package series keeps the state of many series in a table that is bounded and expires.
//
// A series is known by its key: its label values, each with its length before it ([AppendString]), so that
// no two different lists of values have the same bytes. The caller builds the key in a buffer of its own,
// hashes it once, and holds one shard while it works on the entry:
//
//	hash := table.Hash(key)
//	shard := table.Lock(hash)
//	entry, state := shard.Get(hash, key, now)
//	if state != series.Fold {
//		entry.Value.Add(x)
//	}
//	shard.Unlock()
//
// The top bits of the hash choose the shard, the low bits the bucket, and the whole key decides:
//
//	hash = 0x b3 … 05      16 shards of 8 buckets
//	          │     └───── bucket 5 ──► entry b3…05 "llm" ──► entry b3…05 "tool" ──► nil
//	          └─────────── shard 11     (two keys of one hash are neighbours in a chain, never one series)
//
// # Bound
//
// A table never holds more than Max entries over all its shards. When it is full, Get answers [Fold]: the
// observation belongs to a coarser series, usually one that keeps a label or two and says
// otel.metric.overflow. Those coarser series live in a second, small table, so that they too are bounded, and
// the last resort is one value outside any table. [Overflow] counts what was folded and says when to log.
//
// # Memory
//
// For a value of V bytes and a key of K bytes a table takes at most about
//
//	Max × (56 + V + K + 16) bytes + Shards × 192 bytes
//
// (56 for the entry, 16 for its bucket when the shard has just grown, 192 for an empty shard; what V points
// to comes on top, and the allocator rounds the entry and the key up to its size classes). Max = 1000, V = 8
// and K = 64 come to 147 KB. BenchmarkMemory measures it. When entries expire, only their buckets stay.
package series
