package eventlog

// Heard is the number of other processes that have told what they know.
func (l *Log) Heard() int {
	l.marks.mu.Lock()
	defer l.marks.mu.Unlock()
	return len(l.marks.heard)
}

// Hears reports whether another process has told what it knows.
func (l *Log) Hears(other *Log) bool {
	l.marks.mu.Lock()
	defer l.marks.mu.Unlock()
	return !l.marks.heard[other.marks.process].IsZero()
}
