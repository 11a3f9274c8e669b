package invariant

import "encoding/hex"

// identity checks I8 as far as a history shows it: the same request id makes no
// second append in a conversation, no two appends share an id, and a subject's
// appends are numbered from 1 without a gap, so that none was lost or doubled.
type identity struct {
	*finder
	ids      map[shortID]uint64
	subjects map[string]*numbering
}

// shortID is an append's id in little space. Ids that are not 16 bytes in hex are
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

func newIdentity(f *finder) reader {
	return &identity{finder: f, ids: map[shortID]uint64{}, subjects: map[string]*numbering{}}
}

func (i *identity) read(at mark, r Recorded) {
	i.applies()
	i.id(at, r.Commit.GetId())
	n := i.of(at.subject)
	if id := r.Commit.GetRequestId(); len(id) > 0 {
		if first, ok := n.requests[string(id)]; ok {
			i.violated(at, "the request id was carried out before, at position %d", first)
		}
		n.requests[string(id)] = at.position
	}
	if got := r.Commit.GetNumber(); got != n.number+1 {
		i.violated(at, "append %d of its subject comes where %d is due", got, n.number+1)
	}
	n.number = r.Commit.GetNumber()
}

func (i *identity) of(subject string) *numbering {
	n, known := i.subjects[subject]
	if !known {
		n = &numbering{requests: map[string]uint64{}}
		i.subjects[subject] = n
	}
	return n
}

func (i *identity) forget(subject string) { delete(i.subjects, subject) }

// id looks at the append's own id, which is unique over the whole history.
func (i *identity) id(at mark, id string) {
	short := shorten(id)
	if first, ok := i.ids[short]; ok {
		i.violated(at, "the append's id is already that of position %d", first)
	}
	if id == "" {
		i.violated(at, "the append has no id")
	}
	i.ids[short] = at.position
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
