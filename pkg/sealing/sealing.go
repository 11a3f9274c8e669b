// Package sealing manages keys for a line's own system: it publishes the
// line's keys, seals what its people write, grants keys once a line has accepted, and opens what the
// other line sealed. docs/sealing.md has the formats, pkg/seal makes them.
//
//	system, err := sealing.Load(platform, credentials, time.Now)
//	err = system.Publish(ctx) // and once a day from then on
//	system.Saw(proposed.Recorded.Position)
//	err = system.Seal(ctx, request, "is safe tonight") // a SealPacketRequest or a SendMessageRequest
//	err = system.Grant(ctx, handover, agreed...)       // once a line has accepted
//
// and at the receiver:
//
//	system.Accepted(offer)
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
	line     *seal.Line
	now      func() time.Time
	save     func(*seal.Line) error

	editing sync.Mutex // of the line's keys

	mu       sync.Mutex
	keys     []heldKey
	accepted map[string]bool // offers
	waiting  []message
	position uint64 // the newest that the line has seen

	proving sync.Mutex
	proofs  proofs
}

// New returns the system of a line whose keys are in memory only, and that trusts the log that it meets.
func New(platform *client.Platform, keys *seal.Line) *System {
	return &System{
		platform: platform, line: keys, now: time.Now, save: func(*seal.Line) error { return nil }, accepted: map[string]bool{},
		proofs: proofs{proved: map[string]time.Time{}},
	}
}

// Seal seals a text and puts it into a request: SealPacketRequest or SendMessageRequest. The request gets
// an id unless it has one; send it as it is, as often as it takes.
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
	at := s.place(h.Name, senders(c, h), sealv1.Kind_KIND_PACKET_PART)
	at.Item = item(r.Part)
	r.Sealed, err = s.keyFor(at, "").Seal(at, []byte(text))
	return err
}

func (s *System) sealWords(ctx context.Context, r *intakev1.SendMessageRequest, text string) error {
	key, err := s.wordsKey(ctx, r.Conversation)
	if err != nil {
		return err
	}
	at := key.place
	at.Item = r.RequestId
	r.Sealed, err = key.Seal(at, []byte(text))
	return err
}
