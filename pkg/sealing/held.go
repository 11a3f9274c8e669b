package sealing

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// of is what the line keeps of a conversation. Nobody changes it but keep.
func (s *System) of(conversation string) (*seal.Contents, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, err := s.store.contentFile(conversation)
	if err != nil {
		return nil, err
	}
	last := s.contents[conversation]
	if last != nil && last.current(path) {
		return last.value, nil
	}
	before, _ := os.Stat(path)
	held, err := s.store.loadContents(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &seal.Contents{Domain: s.line.value.Domain(), Conversation: conversation}, nil
	case err != nil:
		return nil, err
	}
	s.contents[conversation] = &kept[*seal.Contents]{held, before}
	return held, nil
}

// keep changes what the line keeps of a conversation. It is saved before anybody can rely on it; if it is not
// saved, nothing has changed.
func (s *System) keep(conversation string, change func(*seal.Contents)) error {
	path, err := s.store.contentFile(conversation)
	if err != nil {
		return err
	}
	return s.store.locked(path, func() error {
		held, err := s.of(conversation)
		if err != nil {
			return err
		}
		next := held.Clone()
		change(next)
		next.Changed = s.now()
		if err := s.store.saveContents(path, next); err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		now := &kept[*seal.Contents]{}
		now.set(path, next)
		s.contents[conversation] = now
		return nil
	})
}

// keyFor returns the newest key for a handover's bridge or a tenure, and makes one if there is none.
func (s *System) keyFor(at seal.Place, offer string) (key seal.Held, err error) {
	held, err := s.of(at.Conversation)
	if err != nil {
		return key, err
	}
	find := func(c *seal.Contents) bool {
		keys := newest(c, func(k seal.Held) bool {
			return k.Place.Handover == at.Handover && k.Place.Kind == at.Kind && k.Offer == offer
		})
		if len(keys) > 0 {
			key = keys[0]
		}
		return len(keys) > 0
	}
	if find(held) {
		return key, nil
	}
	err = s.keep(at.Conversation, func(c *seal.Contents) {
		if !find(c) {
			key = seal.Held{ContentKey: seal.NewContentKey(), Place: at, Offer: offer}
			c.Keys = append(c.Keys, key)
		}
	})
	return key, err
}

// sharing is a grant of a key that the log has.
type sharing struct {
	key  []byte // its id
	with *sealv1.KeyShared
}

// shared takes note that the log has grants of keys of a conversation.
func (s *System) shared(conversation string, grants []sharing) error {
	held, err := s.of(conversation)
	if err != nil || !note(held.Clone(), grants) {
		return err
	}
	return s.keep(conversation, func(c *seal.Contents) { note(c, grants) })
}

// note reports whether there was anything new in grants.
func note(c *seal.Contents, grants []sharing) (news bool) {
	for _, g := range grants {
		if key := c.Key(g.key); key != nil && !key.SharedWith(g.with.Line) {
			key.Shared, news = append(slices.Clip(key.Shared), g.with), true
		}
	}
	return news
}

// newest returns those keys that satisfy a condition, newest first.
func newest(c *seal.Contents, is func(seal.Held) bool) (all []seal.Held) {
	for _, key := range slices.Backward(c.Keys) {
		if is(key) {
			all = append(all, key)
		}
	}
	return all
}

// shareable returns the keys that another line has too.
func shareable(keys []seal.Held) []seal.Held {
	return slices.DeleteFunc(slices.Clone(keys), func(k seal.Held) bool { return len(k.Shared) == 0 })
}

func (s *System) place(of string, epoch uint32, kind sealv1.Kind) seal.Place {
	return seal.Place{Domain: s.own().Domain(), Conversation: conversationOf(of), Handover: of, Epoch: epoch, Kind: kind}
}

// conversationOf is the name of a handover's conversation.
func conversationOf(of string) string {
	name, err := handover.ParseName(of)
	if err != nil {
		return ""
	}
	return handover.ConversationName(name.Conversation)
}

// item names a part of the packet in its place.
func item(part handoverv1.Scope) string { return strings.TrimPrefix(part.String(), "SCOPE_") }

// partOf is the part of the packet that a place is, or none.
func partOf(at seal.Place) handoverv1.Scope {
	if at.Kind != sealv1.Kind_KIND_PACKET_PART {
		return handoverv1.Scope_SCOPE_UNSPECIFIED
	}
	return handoverv1.Scope(handoverv1.Scope_value["SCOPE_"+at.Item])
}
