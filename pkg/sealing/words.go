package sealing

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Words are an opened message.
type Words struct {
	Conversation string
	// Message is its number within the conversation, and Position that of its commit.
	Message  uint32
	Position uint64
	Text     string
}

// message is a sealed message whose key may still come.
type message struct {
	*intakev1.SealedMessage
	conversation string
	position     uint64
}

// Read takes what WatchConversation sends: it learns the keys that were granted to this line, and returns
// what can be read by now. A message whose key comes later is returned then.
// Errors: ErrAltered, seal.ErrGrant, seal.ErrKey, seal.ErrOpen.
func (s *System) Read(ctx context.Context, conversation string, r *intakev1.WatchConversationResponse) ([]Words, error) {
	s.Saw(r.Position)
	for _, e := range r.Events {
		if given := e.GetAccessGranted(); given.GetGiver() == s.own().ID() {
			s.granted(given.ContentKey)
		}
	}
	for _, grant := range r.Grants {
		if err := s.learn(ctx, conversation, grant); err != nil {
			return nil, err
		}
	}
	for _, m := range r.Messages {
		if !sent(r.Events, m) {
			return nil, altered("message %d is not the one that the log has", m.Message)
		}
		s.wait(message{m, conversation, r.Position})
	}
	return s.read(conversation)
}

// sent reports whether the log has committed to a message.
func sent(events []*eventv1.Event, m *intakev1.SealedMessage) bool {
	sum := seal.Commitment(m.Salt, m.Sealed)
	return slices.ContainsFunc(events, func(e *eventv1.Event) bool {
		return e.GetMessageSent().GetMessage() == m.Message && bytes.Equal(e.GetMessageSent().GetCommitment(), sum)
	})
}

// learn takes a grant of the key of a bridge or of a tenure.
func (s *System) learn(ctx context.Context, conversation string, grant *sealv1.Grant) error {
	named := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.Terms, named); err != nil || named.Conversation != conversation {
		return seal.ErrGrant
	}
	c, h, err := s.find(ctx, named.Handover)
	if err != nil {
		return err
	}
	giver, epoch := h.FromLine, senders(c, h)
	if idOf(h.FromLine) == s.own().ID() {
		giver, epoch = h.ToLine, c.Custody.Epoch
	}
	at := s.place(h.Name, epoch, named.Kind)
	if at.Kind != sealv1.Kind_KIND_BRIDGE && at.Kind != sealv1.Kind_KIND_TENURE {
		return seal.ErrGrant
	}
	_, err = s.take(ctx, h, grant, at, giver)
	return err
}

func (s *System) wait(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, m)
}

// read opens those waiting messages of a conversation whose keys are there.
func (s *System) read(conversation string) (words []Words, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.DeleteFunc(s.waiting, func(m message) bool {
		if m.conversation != conversation {
			return false
		}
		text, failed := s.openMessage(m)
		if errors.Is(failed, ErrNotYet) {
			return false
		}
		words, err = append(words, Words{conversation, m.Message, m.position, text}), errors.Join(err, failed)
		return true
	})
	return words, err
}

// openMessage opens a message with the key that it names. The caller holds the lock.
func (s *System) openMessage(m message) (string, error) {
	id, err := seal.KeyOf(m.Sealed)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(s.keys, func(k heldKey) bool { return bytes.Equal(k.ID(), id) })
	if at < 0 {
		return "", ErrNotYet
	}
	key := s.keys[at]
	key.place.Item = m.Item
	text, err := key.Open(key.place, m.Sealed)
	return string(text), err
}

// wordsKey is the key for words that are written now: that of the bridge, or after it that of the tenure.
// While a key has not been granted, the one before it goes on; if there is none, the words can be read once it
// is: a child's words wait for nothing.
func (s *System) wordsKey(ctx context.Context, conversation string) (heldKey, error) {
	c, err := s.look(ctx, conversation)
	if err != nil {
		return heldKey{}, err
	}
	for _, h := range slices.Backward(c.Handovers) {
		if !shared(h) {
			continue
		}
		if keys := shareable(s.bridgeKeys(h)); len(keys) > 0 {
			return keys[0], nil
		}
		if idOf(h.FromLine) == s.own().ID() || h.SenderLost {
			return s.bridgeKey(c, h), nil
		}
	}
	return s.relayKey(c)
}

// relayKey is the key between the child's leg and the line with custody.
func (s *System) relayKey(c *intakev1.Conversation) (heldKey, error) {
	tenure := func(k heldKey) bool {
		return k.place.Epoch == c.Custody.GetEpoch() && k.place.Kind == sealv1.Kind_KIND_TENURE
	}
	bridge := func(k heldKey) bool { return k.place.Kind == sealv1.Kind_KIND_BRIDGE }
	tenures, bridges := s.held(c.Name, tenure), s.held(c.Name, bridge)
	if keys := slices.Concat(shareable(tenures), shareable(bridges), bridges, tenures); len(keys) > 0 {
		return keys[0], nil
	}
	return heldKey{}, ErrNotYet
}
