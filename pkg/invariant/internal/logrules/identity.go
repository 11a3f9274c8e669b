package logrules

import (
	"encoding/hex"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
)

// identity checks I8 as far as a history shows it: the same request id makes no
// second commit in a conversation, no two commits share an id, and a subject's
// commits are numbered from 1 without a gap, so that none was lost or doubled.
type identity struct {
	rule.Base
	ids      map[shortID]uint64
	subjects map[string]*numbering
}

// shortID is a commit's id in little space. Ids that are not 16 bytes in hex are
// kept as they are.
type shortID struct {
	bytes [16]byte
	other string
}

// numbering is what is known of a subject.
type numbering struct {
	number   uint32
	requests map[string]uint64
}

func NewIdentity(f rule.Base) rule.Reader {
	return &identity{Base: f, ids: map[shortID]uint64{}, subjects: map[string]*numbering{}}
}

func (i *identity) Read(at facts.Mark, r facts.Stored) {
	i.Applies()
	i.id(at, r.GetId())
	n := i.of(at.Subject)
	if id := r.GetRequestId(); len(id) > 0 {
		if first, ok := n.requests[string(id)]; ok {
			i.Violated(at, "the request id was executed before, at position %d", first)
		}
		n.requests[string(id)] = at.Position
	}
	if got := r.GetNumber(); got != n.number+1 {
		i.Violated(at, "commit %d of its subject comes where %d is due", got, n.number+1)
	}
	n.number = r.GetNumber()
}

func (i *identity) of(subject string) *numbering {
	n, known := i.subjects[subject]
	if !known {
		n = &numbering{requests: map[string]uint64{}}
		i.subjects[subject] = n
	}
	return n
}

func (i *identity) Forget(subject string) { delete(i.subjects, subject) }

// id looks at the commit's own id, which is unique over the whole history.
func (i *identity) id(at facts.Mark, id string) {
	short := shorten(id)
	if first, ok := i.ids[short]; ok {
		i.Violated(at, "the commit's id is already that of position %d", first)
	}
	if id == "" {
		i.Violated(at, "the commit has no id")
	}
	i.ids[short] = at.Position
}

func shorten(id string) (short shortID) {
	var raw [32]byte
	if copy(raw[:], id); len(id) != len(raw) {
		return shortID{other: id}
	}
	if _, err := hex.Decode(short.bytes[:], raw[:]); err != nil {
		return shortID{other: id}
	}
	return short
}
