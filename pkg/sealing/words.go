package sealing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Words are an opened message.
type Words struct {
	Conversation string
	// Message is its number within the conversation, and Position that of its commit.
	Message  uint32
	Position uint64
	// Participant wrote it, for an audience.
	Participant string
	Audience    handoverv1.Audience
	Text        string
}

// Read takes what WatchConversation sends: it learns the keys that were granted to this line, and returns
// what can be read by now, oldest first. What cannot be checked or read now is kept, and returned by a later Read
// or by Again, after a crash possibly twice. So a program that has handled what Read returned can go on watching after
// that position. An error for which Never holds is of what will never be read: ErrAltered, seal.ErrGrant, seal.ErrKey,
// seal.ErrOpen, seal.ErrNotSealed; the rest was read or kept. After any other, such as that of a full disk, nothing was:
// call Read again with the same.
func (s *System) Read(ctx context.Context, conversation string, r *intakev1.WatchConversationResponse) ([]Words, error) {
	s.Saw(r.Position)
	var given []sharing
	for _, e := range r.Events {
		if granted := e.GetAccessGranted(); granted.GetGiver() == s.own().ID() {
			given = append(given, sharing{granted.ContentKey, &sealv1.KeyShared{Line: granted.Receiver, GiverKey: granted.GiverKey}})
		}
	}
	if err := s.shared(conversation, given); err != nil {
		return nil, err
	}
	var came inbox
	var altered error
	came.grants = r.Grants
	for _, m := range r.Messages {
		message, err := recorded(r, m)
		if err != nil {
			altered = errors.Join(altered, err)
			continue
		}
		came.messages = append(came.messages, message)
	}
	words, err := s.read(ctx, conversation, came)
	if err != nil && !Never(err) {
		return nil, err
	}
	return words, errors.Join(altered, err)
}

// Again tries once more to check and to read what came earlier. Call it when nothing has come for a while.
func (s *System) Again(ctx context.Context, conversation string) ([]Words, error) {
	return s.read(ctx, conversation, inbox{})
}

// recorded is a message to which the log has committed. Errors: ErrAltered.
func recorded(r *intakev1.WatchConversationResponse, m *intakev1.SealedMessage) (*sealv1.UnreadMessage, error) {
	sum := seal.Commitment(m.Salt, m.Sealed)
	at := slices.IndexFunc(r.Events, func(e *eventv1.Event) bool {
		return e.GetMessageSent().GetMessage() == m.Message && bytes.Equal(e.GetMessageSent().GetCommitment(), sum)
	})
	if at < 0 {
		return nil, altered("message %d is not the one that the log has", m.Message)
	}
	sent := r.Events[at].GetMessageSent()
	return &sealv1.UnreadMessage{
		Message: m.Message, Position: r.Position, Item: m.Item, Participant: sent.Participant, Audience: sent.Audience, Sealed: m.Sealed,
	}, nil
}

// learn takes a grant of the key of a bridge or of a tenure.
func (s *System) learn(ctx context.Context, conversation string, grant *sealv1.Grant) error {
	named := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.Terms, named); err != nil || named.Conversation != conversation {
		return seal.ErrGrant
	}
	_, h, err := s.find(ctx, named.Handover)
	if err != nil {
		return err
	}
	if !slices.Contains(epochs(h, named), named.Epoch) {
		return fmt.Errorf("%w: its giver, kind or epoch is not one in the log", seal.ErrGrant)
	}
	_, err = s.take(ctx, h, grant, s.place(h.Name, named.Epoch, named.Kind), named.Giver)
	return err
}

// epochs are those for which a line can have made a key of a bridge or of a tenure. The receiver makes a
// bridge's where the sender could not, before or after it takes over.
func epochs(h *routingv1.Handover, named *sealv1.GrantTerms) []uint32 {
	giver := handover.LineName(named.Giver)
	switch {
	case named.Kind == sealv1.Kind_KIND_BRIDGE && giver == h.FromLine:
		return []uint32{h.Epoch}
	case named.Kind == sealv1.Kind_KIND_BRIDGE && giver == h.ToLine:
		return []uint32{h.Epoch, h.Epoch + 1}
	case named.Kind == sealv1.Kind_KIND_TENURE && giver == h.ToLine:
		return []uint32{h.Epoch + 1}
	}
	return nil
}

// openMessage opens a message with the key that it names. Errors: ErrNotYet, seal.ErrOpen.
func (s *System) openMessage(conversation string, m *sealv1.UnreadMessage) (words Words, err error) {
	id, err := seal.KeyOf(m.Sealed)
	if err != nil {
		return words, err
	}
	held, err := s.of(conversation)
	if err != nil {
		return words, err
	}
	key := held.Key(id)
	if key == nil {
		return words, ErrNotYet
	}
	at := key.Place
	at.Item = m.Item
	text, err := key.Open(at, m.Sealed)
	if err != nil {
		err = fmt.Errorf("message %d: %w", m.Message, err)
	}
	return Words{conversation, m.Message, m.Position, m.Participant, m.Audience, string(text)}, err
}

// wordsKey is the key for words that are written now: that of the bridge, or after it that of the tenure.
// While a key has not been granted, the one before it goes on; if there is none, the words can be read once it
// is: a child's words wait for nothing.
func (s *System) wordsKey(ctx context.Context, conversation string) (key seal.Held, err error) {
	c, err := s.look(ctx, conversation)
	if err != nil {
		return key, err
	}
	for _, h := range slices.Backward(c.Handovers) {
		if !together(h) {
			continue
		}
		keys, err := s.bridgeKeys(h)
		if err != nil {
			return key, err
		}
		if keys := shareable(keys); len(keys) > 0 {
			return keys[0], nil
		}
		if s.is(h.FromLine) || s.is(h.ToLine) && h.SenderLost {
			return s.bridgeKey(h)
		}
	}
	return s.relayKey(c)
}

// relayKey is the key between the child's leg and the line with custody.
func (s *System) relayKey(c *intakev1.Conversation) (key seal.Held, err error) {
	held, err := s.of(c.Name)
	if err != nil {
		return key, err
	}
	tenures := newest(held, func(k seal.Held) bool {
		return k.Place.Epoch == c.Custody.GetEpoch() && k.Place.Kind == sealv1.Kind_KIND_TENURE
	})
	bridges := newest(held, func(k seal.Held) bool { return k.Place.Kind == sealv1.Kind_KIND_BRIDGE })
	if keys := slices.Concat(shareable(tenures), shareable(bridges), bridges, tenures); len(keys) > 0 {
		return keys[0], nil
	}
	return key, ErrNotYet
}
