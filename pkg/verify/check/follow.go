package check

import (
	"bytes"
	"crypto/sha256"
	"fmt"
)

// place is how far a subject has come.
type place struct {
	number  uint32
	payload [sha256.Size]byte
}

// follow checks that a commit continues its subject's previous one.
func (r *run) follow(position int64, l link) {
	before, known := r.heads[l.subject]
	if l.Number != before.number+1 {
		r.report.find(position, fmt.Sprintf("it is commit %d of %s and follows commit %d", l.Number, l.Subject, before.number))
	}
	if known && !bytes.Equal(l.PreviousHash, before.payload[:]) || !known && len(l.PreviousHash) > 0 {
		r.report.find(position, fmt.Sprintf("it does not follow what lies before it on %s", l.Subject))
	}
	r.heads[l.subject] = place{l.Number, l.payload}
}
