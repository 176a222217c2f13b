package flight

// append makes the trace the newest of the list.
func (s *shard) append(tr *trace) {
	tr.prev, tr.next = s.newest, nil
	if s.newest != nil {
		s.newest.next = tr
	} else {
		s.oldest = tr
	}
	s.newest = tr
}

func (s *shard) unlink(tr *trace) {
	if tr.prev != nil {
		tr.prev.next = tr.next
	} else {
		s.oldest = tr.next
	}
	if tr.next != nil {
		tr.next.prev = tr.prev
	} else {
		s.newest = tr.prev
	}
	tr.prev, tr.next = nil, nil
}

// fresh returns an empty trace, used before where there is one.
func (s *shard) fresh() *trace {
	tr := s.free
	if tr == nil {
		return &trace{}
	}
	s.free = tr.next
	m := tr.more
	if m != nil {
		*m = more{pending: m.pending[:0], open: m.open[:0], frontiers: m.frontiers[:0], passages: m.passages[:0]}
	}
	*tr = trace{more: m}
	return tr
}

// drop forgets the trace and keeps its memory for the next one.
func (s *shard) drop(tr *trace) {
	delete(s.byID, tr.id)
	s.unlink(tr)
	tr.next = s.free
	s.free = tr
}

// evict closes and forgets the trace that was silent longest.
func (s *shard) evict() {
	tr := s.oldest
	if !tr.ended.settled {
		s.early = append(s.early, s.close(tr, true))
		s.table.early.Add(1)
	}
	s.drop(tr)
}
