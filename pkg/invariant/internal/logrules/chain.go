package logrules

import (
	"bytes"
	"crypto/sha256"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// chain checks the part of I9 that commits carry themselves: positions rise, each
// commit names the hash of the previous one in its subject, and the checked content
// matches the stored bytes.
type chain struct {
	rule.Base
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

func NewChain(f rule.Base) rule.Reader { return &chain{Base: f, links: map[string]link{}} }

func (c *chain) Read(at facts.Mark, r facts.Stored) {
	c.Applies()
	if at.Position <= c.last {
		c.Violated(at, "position does not come after %d", c.last)
	}
	c.last = at.Position
	c.payload(at, r)
	c.link(at, r)
	hash := hashOf(r)
	c.total++
	if hash == nil {
		c.unknown++
	}
	c.links[at.Subject] = link{at.Position, hash}
}

func (c *chain) End() {
	if c.unknown > 0 {
		c.Skip("hash chain over %d of %d commits, of which neither the stored bytes nor their hash is known", c.unknown, c.total)
	}
}

func (c *chain) Forget(subject string) { delete(c.links, subject) }

// hashOf is SHA-256 of the stored bytes, or nil if unknown.
func hashOf(r facts.Stored) []byte {
	if r.Payload == nil {
		return r.PayloadHash
	}
	hash := sha256.Sum256(r.Payload)
	return hash[:]
}

func (c *chain) payload(at facts.Mark, r facts.Stored) {
	if r.Payload == nil {
		return
	}
	stored := &eventv1.Commit{}
	if err := proto.Unmarshal(r.Payload, stored); err != nil || !proto.Equal(stored, r.Commit) {
		c.Violated(at, "the commit is not what the stored bytes say")
	}
}

// link compares with the previous commit of the subject, where its hash is known.
func (c *chain) link(at facts.Mark, r facts.Stored) {
	got := r.GetPreviousHash()
	before, linked := c.links[at.Subject]
	switch {
	case !linked && len(got) > 0:
		c.Violated(at, "the first commit of its subject names a previous one")
	case !linked:
	case len(got) != sha256.Size:
		c.Violated(at, "the commit does not name the previous one")
	case before.hash != nil && !bytes.Equal(got, before.hash):
		c.Violated(at, "the previous commit, at position %d, is not the one this was chained to", before.position)
	}
}
