// Package sealing manages keys for a line's own system: it publishes the
// line's keys, seals what its people write, grants keys once a line has accepted, and opens what the
// other line sealed. docs/sealing.md has the formats, pkg/seal makes them.
//
//	system, err := sealing.Load(platform, credentials, time.Now)
//	err = system.Publish(ctx) // and once a day from then on
//	system.Saw(proposed.Recorded.Position)
//	err = system.Seal(ctx, request, "is safe tonight") // a SealPacketRequest or a SendMessageRequest
//	err = system.Sealed(request, response)             // of a SealPacketRequest: it is recorded
//	err = system.Agreed(handover, scopes...)           // once the child has said yes, before GiveConsent
//	err = system.Grant(ctx, handover)                  // once a line has accepted
//
// and at the receiver:
//
//	err = system.Accepting(offer) // before AcceptOffer
//	parts, err := system.Open(ctx, handover)
//	words, err := system.Read(ctx, conversation, response) // what WatchConversation sends
//
// The platform is not trusted: a grant counts only if each of its terms is what the log says, a key only
// if its line signed it, and a blob only if the log has committed to it.
package sealing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

var (
	// ErrNotYet: this line has no key for it. The other line's grant may still come.
	ErrNotYet = errors.New("the key has not been granted to this line yet")
	// ErrAltered: the platform shows something else than what was recorded or agreed to.
	ErrAltered = errors.New("the platform shows something else than was recorded")
)

// System seals and opens for one line. It is safe for concurrent use.
type System struct {
	platform *client.Platform
	store    store
	now      func() time.Time

	mu       sync.Mutex
	line     kept[*seal.Line]
	contents map[string]*kept[*seal.Contents] // by conversation
	position uint64                           // the newest that the line has seen

	reading  sync.Mutex
	returned map[string][]*sealv1.UnreadMessage // by conversation: those kept ones that Read has returned

	proving sync.Mutex
	proofs  proofs
}

// Seal seals a text and puts it into a request: SealPacketRequest or SendMessageRequest. The request gets
// an id unless it has one; send it as it is, as often as it takes. Every version of a packet's part has a key of
// its own, so that a grant opens the version that the child was shown and no other.
func (s *System) Seal(ctx context.Context, request proto.Message, text string) error {
	if err := client.Identify(request); err != nil {
		return err
	}
	switch r := request.(type) {
	case *intakev1.SealPacketRequest:
		return s.sealPart(ctx, r, text)
	case *intakev1.SendMessageRequest:
		return s.sealWords(ctx, r, text)
	}
	return fmt.Errorf("a %T carries no words", request)
}

func (s *System) sealPart(ctx context.Context, r *intakev1.SealPacketRequest, text string) error {
	c, h, err := s.find(ctx, r.Handover)
	if err != nil {
		return err
	}
	made := seal.Held{ContentKey: seal.NewContentKey(), Place: s.place(h.Name, h.Epoch, sealv1.Kind_KIND_PACKET_PART)}
	made.Place.Item = item(r.Part)
	sealed, err := made.Seal(made.Place, []byte(text))
	if err != nil {
		return err
	}
	r.Sealed = sealed
	return s.keep(c.Name, func(c *seal.Contents) { c.Keys = append(c.Keys, made) })
}

// Sealed takes the answer to a SealPacketRequest. Only a version that is recorded can be agreed to.
func (s *System) Sealed(r *intakev1.SealPacketRequest, answer *intakev1.SealPacketResponse) error {
	s.Saw(answer.GetRecorded().GetPosition())
	id, err := seal.KeyOf(r.Sealed)
	if err != nil {
		return err
	}
	return s.keep(conversationOf(r.Handover), func(c *seal.Contents) {
		if key := c.Key(id); key != nil {
			key.Commitment = answer.Commitment
		}
	})
}

// Agreed says what the child agreed to at this line, or an override named: the newest recorded versions of
// these parts. Call it before GiveConsent or OverrideConsent is sent; without scopes, before WithdrawConsent is: then
// nothing that was agreed to before counts.
func (s *System) Agreed(handover string, scopes ...handoverv1.Scope) error {
	return s.keep(conversationOf(handover), func(c *seal.Contents) {
		agreed := &sealv1.Agreement{Handover: handover, Scopes: scopes}
		for _, part := range scopes {
			versions := newest(c, func(k seal.Held) bool {
				return k.Place.Handover == handover && k.Commitment != nil && partOf(k.Place) == part
			})
			if len(versions) > 0 {
				agreed.ContentKeys = append(agreed.ContentKeys, versions[0].ID())
			}
		}
		c.Agree(agreed)
	})
}

func (s *System) sealWords(ctx context.Context, r *intakev1.SendMessageRequest, text string) error {
	key, err := s.wordsKey(ctx, r.Conversation)
	if err != nil {
		return err
	}
	at := key.Place
	at.Item = r.RequestId
	r.Sealed, err = key.Seal(at, []byte(text))
	return err
}
