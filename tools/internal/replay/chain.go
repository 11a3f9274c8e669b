package replay

import (
	"bytes"
	"fmt"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// Chain checks that commits are unaltered and follow each other within their conversation
// or line. The zero Chain tolerates gaps.
type Chain struct {
	// Gapless means that no commit may be missing between two others of a subject, and Whole
	// that none may be missing before the first of them either.
	Gapless, Whole bool
	// Within limits these checks to certain times; nil means all.
	Within func(time.Time) bool
	heads  map[string]head
}

// head is the part of a subject's commit that is needed to check its successor.
type head struct {
	number uint32
	hash   []byte
	within bool
}

// Add refuses a commit, with its payload, that is not genuine or cannot follow those
// already added. Where some are missing, their successor cannot be checked.
func (c *Chain) Add(stored *auditv1.StoredCommit) error {
	if err := Genuine(stored); err != nil {
		return err
	}
	if c.heads == nil {
		c.heads = map[string]head{}
	}
	a := stored.Commit
	before, known := c.heads[a.Subject]
	within := c.Within == nil || c.Within(a.RecordTime.AsTime())
	c.heads[a.Subject] = head{a.Number, stored.PayloadHash, within}
	gapless := c.Gapless && within && (known && before.within || !known && c.Whole)
	switch {
	case (a.Number == 1) != (len(a.PreviousHash) == 0), a.Number <= before.number:
		return fmt.Errorf("position %d: commit %d of %s is out of order", stored.Position, a.Number, a.Subject)
	case gapless && a.Number > before.number+1:
		return fmt.Errorf("position %d: commit %d of %s comes after commit %d: there is a hole", stored.Position, a.Number, a.Subject, before.number)
	case known && a.Number == before.number+1 && !bytes.Equal(a.PreviousHash, before.hash):
		return fmt.Errorf("position %d: it does not carry the hash of the commit before it in %s", stored.Position, a.Subject)
	}
	return nil
}
