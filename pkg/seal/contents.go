package seal

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Held is a content key that a line made or was granted, with what it must know to use it.
type Held struct {
	ContentKey
	// Place is what it seals; without an item, but for the part of a packet.
	Place Place
	// Offer is the accepted offer for which a bridge's or a tenure's key was made.
	Offer string
	// Commitment is the log's to the version of a packet's part, once that is recorded.
	Commitment []byte
	// Shared are the grants of it that the log has.
	Shared []*sealv1.KeyShared
}

// SharedWith reports whether the log has a grant of the key to or from a line.
func (h Held) SharedWith(line string) bool {
	return slices.ContainsFunc(h.Shared, func(s *sealv1.KeyShared) bool { return s.Line == line })
}

// Contents are what a line keeps of one conversation: its content keys, what was agreed to, and what
// still waits for a key or for a check. They are not safe for concurrent changes: change a Clone.
type Contents struct {
	Domain, Conversation string
	// Keys, oldest first.
	Keys []Held
	// Accepted are the offers that the line accepted.
	Accepted   []string
	Agreements []*sealv1.Agreement
	Unchecked  []*sealv1.Grant
	Unread     []*sealv1.UnreadMessage
	// Changed is when they were last changed.
	Changed time.Time
}

// Clone returns a copy, so that a change can be kept before anybody relies on it.
func (c *Contents) Clone() *Contents {
	next := *c
	next.Keys, next.Accepted, next.Agreements = slices.Clone(c.Keys), slices.Clone(c.Accepted), slices.Clone(c.Agreements)
	next.Unchecked, next.Unread = slices.Clone(c.Unchecked), slices.Clone(c.Unread)
	return &next
}

// Key is the key with an id, or nil.
func (c *Contents) Key(id []byte) *Held {
	at := slices.IndexFunc(c.Keys, func(k Held) bool { return bytes.Equal(k.ID(), id) })
	if at < 0 {
		return nil
	}
	return &c.Keys[at]
}

// Agreement is the newest agreement for a handover that has all of some scopes, or nil. It is not always the newest
// one: the log may have refused that. What was agreed to before an agreement without scopes does not count.
func (c *Contents) Agreement(handover string, scopes []handoverv1.Scope) *sealv1.Agreement {
	for _, a := range slices.Backward(c.Agreements) {
		lacks := func(scope handoverv1.Scope) bool { return !slices.Contains(a.Scopes, scope) }
		if a.Handover == handover && (len(a.Scopes) == 0 || !slices.ContainsFunc(scopes, lacks)) {
			return a
		}
	}
	return nil
}

// Agree adds the newest agreement.
func (c *Contents) Agree(to *sealv1.Agreement) {
	c.Agreements = slices.DeleteFunc(c.Agreements, func(a *sealv1.Agreement) bool { return proto.Equal(a, to) })
	c.Agreements = append(c.Agreements, to)
}

// Save writes the contents, encrypted with age to the line's storage keys.
func (c *Contents) Save(to io.Writer, storage ...age.Recipient) error {
	file := &sealv1.ContentFile{Domain: c.Domain, Conversation: c.Conversation,
		Accepted: c.Accepted, Agreements: c.Agreements, Unchecked: c.Unchecked, Unread: c.Unread, ChangeTime: timestamppb.New(c.Changed)}
	for _, k := range c.Keys {
		file.Keys = append(file.Keys, &sealv1.HeldKey{Key: k.secret[:], Handover: k.Place.Handover, Epoch: k.Place.Epoch, Kind: k.Place.Kind,
			Item: k.Place.Item, Offer: k.Offer, Commitment: k.Commitment, Shared: k.Shared})
	}
	return encrypt(to, file, storage...)
}

// LoadContents reads what Save wrote.
func LoadContents(from io.Reader, storage ...age.Identity) (*Contents, error) {
	file := &sealv1.ContentFile{}
	if err := decrypt(from, file, storage...); err != nil {
		return nil, err
	}
	c := &Contents{Domain: file.Domain, Conversation: file.Conversation,
		Accepted: file.Accepted, Agreements: file.Agreements, Unchecked: file.Unchecked, Unread: file.Unread, Changed: file.ChangeTime.AsTime()}
	for _, k := range file.Keys {
		held := Held{Offer: k.Offer, Commitment: k.Commitment, Shared: k.Shared,
			Place: Place{Domain: file.Domain, Conversation: file.Conversation, Handover: k.Handover, Epoch: k.Epoch, Kind: k.Kind, Item: k.Item}}
		if copy(held.secret[:], k.Key) != len(held.secret) || len(k.Key) != len(held.secret) {
			return nil, fmt.Errorf("%w: a content key of %d bytes", ErrKey, len(k.Key))
		}
		c.Keys = append(c.Keys, held)
	}
	return c, nil
}
