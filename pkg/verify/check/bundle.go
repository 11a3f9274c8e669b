package check

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// bundle is the data read for up to 256 commits.
type bundle struct {
	first     int64 // position of its first commit
	width     int
	raw       []byte
	tile      []byte // of leaves, from the source; nil if it is not checked
	leaves    []byte
	links     []link
	findings  []Finding
	recovered []Recovered
	err       error // why it could not be read
}

// link is a commit's place in its subject.
type link struct {
	verify.Link
	subject subject
	payload [sha256.Size]byte
}

// subject is a short stand-in for a subject's name. There is one for every conversation that
// ever existed, so size matters.
type subject [16]byte

func subjectOf(name string) subject {
	sum := sha256.Sum256([]byte(name))
	return subject(sum[:len(subject{})])
}

func (b *bundle) find(position int64, what string) {
	b.findings = append(b.findings, Finding{Position: position, What: what})
}

// derive computes leaves and links from the entries. It touches nothing but the bundle, so
// bundles can be derived concurrently.
func (b *bundle) derive(services map[string][]ed25519.PublicKey) {
	rest := b.raw
	b.leaves = make([]byte, 0, b.width*tlog.HashSize)
	b.links = make([]link, b.width)
	for i := range b.width {
		position := b.first + int64(i)
		if len(rest) == 0 {
			b.find(position, "the commit is missing, so nothing from here on can be checked")
			return
		}
		entry, after, err := verify.CutFromBundle(rest)
		if err != nil {
			b.find(position, err.Error())
			return
		}
		rest = after
		leaf := verify.LeafOf(entry)
		b.leaves = append(b.leaves, leaf[:]...)
		if len(b.tile) >= (i+1)*tlog.HashSize && string(b.tile[i*tlog.HashSize:(i+1)*tlog.HashSize]) != string(leaf[:]) {
			b.find(position, "the commit is not the one that the tree has")
		}
		b.links[i] = b.link(position, entry, services)
	}
	if len(rest) > 0 {
		b.find(b.first+int64(b.width)-1, fmt.Sprintf("%d bytes lie after it that belong to nothing", len(rest)))
	}
}

// link reads a commit's place, and checks its signature and headers.
func (b *bundle) link(position int64, entry []byte, services map[string][]ed25519.PublicKey) link {
	m, err := verify.ParseEntry(entry)
	if err != nil {
		b.find(position, err.Error())
		return link{}
	}
	l := link{subject: subjectOf(m.Subject), payload: sha256.Sum256(m.Payload)}
	if l.Link, err = m.Link(); err != nil {
		b.find(position, err.Error())
		return l
	}
	if l.Subject != m.Subject {
		b.find(position, fmt.Sprintf("it was written for %s but is on %s", l.Subject, m.Subject))
	}
	if m.Subject == logSubject {
		b.recovery(position, m)
	}
	if services != nil {
		if err := m.SignedBy(services[l.Service]); err != nil {
			b.find(position, fmt.Sprintf("%v (%s)", err, l.Service))
		}
		b.headers(position, m)
	}
	return l
}
