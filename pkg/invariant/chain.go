package invariant

import (
	"bytes"
	"crypto/sha256"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// chain checks the part of I9 that commits carry themselves: positions rise, each
// commit names the hash of the previous one in its subject, and the checked content
// matches the stored bytes.
type chain struct {
	*finder
	last           uint64
	total, unknown int
	// links is the newest commit of each subject.
	links map[string]link
}

// link is what the next commit of a subject must name.
type link struct {
	position uint64
	// hash is SHA-256 of the stored bytes, or nil if unknown.
	hash []byte
}

func newChain(f *finder) reader { return &chain{finder: f, links: map[string]link{}} }

func (c *chain) read(at mark, r Recorded) {
	c.applies()
	if at.position <= c.last {
		c.violated(at, "position does not come after %d", c.last)
	}
	c.last = at.position
	c.payload(at, r)
	c.link(at, r)
	hash := r.hash()
	c.total++
	if hash == nil {
		c.unknown++
	}
	c.links[at.subject] = link{at.position, hash}
}

func (c *chain) end() {
	if c.unknown > 0 {
		c.skip("hash chain over %d of %d appends, of which neither the stored bytes nor their hash is known", c.unknown, c.total)
	}
}

func (c *chain) forget(subject string) { delete(c.links, subject) }

// hash is SHA-256 of the stored bytes, or nil if unknown.
func (r Recorded) hash() []byte {
	if r.Payload == nil {
		return r.PayloadHash
	}
	hash := sha256.Sum256(r.Payload)
	return hash[:]
}

func (c *chain) payload(at mark, r Recorded) {
	if r.Payload == nil {
		return
	}
	stored := &eventv1.Commit{}
	if err := proto.Unmarshal(r.Payload, stored); err != nil || !proto.Equal(stored, r.Commit) {
		c.violated(at, "the append is not what the stored bytes say")
	}
}

// link compares with the previous append of the subject, where its hash is known.
func (c *chain) link(at mark, r Recorded) {
	got := r.Commit.GetPreviousHash()
	before, linked := c.links[at.subject]
	switch {
	case !linked && len(got) > 0:
		c.violated(at, "the first append of its subject names a previous one")
	case !linked:
	case len(got) != sha256.Size:
		c.violated(at, "the append does not name the previous one")
	case before.hash != nil && !bytes.Equal(got, before.hash):
		c.violated(at, "the previous append, at position %d, is not the one this was chained to", before.position)
	}
}
