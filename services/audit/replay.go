package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/readmodel"
	"github.com/stafett/stafett/services/internal/rpc"
)

// One response holds at most this many appends, and about as many bytes: a
// client takes 4 MiB at once.
const (
	portion      = 256
	portionBytes = 1 << 20
)

// ReplayAppends streams the history, of one conversation or of everything.
func (s *Service) ReplayAppends(r *auditv1.ReplayAppendsRequest, stream grpc.ServerStreamingServer[auditv1.ReplayAppendsResponse]) error {
	p, err := s.replay(stream.Context(), r)
	if err != nil {
		return err
	}
	for {
		changed := s.model.Changed()
		if err := p.upToNow(stream); err != nil {
			return err
		}
		if !r.Follow {
			return nil
		}
		select {
		case <-changed:
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

// replay is one auditor's place in the history.
type replay struct {
	service *Service
	request *auditv1.ReplayAppendsRequest
	subject string
	after   uint64
	// told is the position that the auditor has been told of, once it has begun.
	begun bool
	told  uint64
}

// replay prepares a replay: it refuses what can never be answered, and waits
// until everything that the log has now can be told.
func (s *Service) replay(ctx context.Context, r *auditv1.ReplayAppendsRequest) (*replay, error) {
	if r.Follow && (r.UntilPosition > 0 || r.EndTime != nil) {
		return nil, rpc.Invalid("follow", "it does not go together with until_position or end_time; leave it out")
	}
	if r.UntilPosition > 0 && r.UntilPosition < r.AfterPosition {
		return nil, rpc.Invalid("until_position", "it lies before after_position; swap them")
	}
	if r.StartTime != nil && r.EndTime != nil && !r.StartTime.AsTime().Before(r.EndTime.AsTime()) {
		return nil, rpc.Invalid("end_time", "it does not lie after start_time; swap them")
	}
	if err := s.host.CatchUp(ctx, s.model, max(r.AfterPosition, r.UntilPosition)); err != nil {
		return nil, err
	}
	p := &replay{service: s, request: r, after: r.AfterPosition}
	if r.Conversation == "" {
		return p, nil
	}
	place, err := rpc.Place(r.Conversation)
	if err != nil {
		return nil, err
	}
	p.subject = eventlog.ConversationSubject(place.Conversation)
	return p, s.known(p.subject, r.Conversation)
}

func (s *Service) known(subject, name string) error {
	return s.model.View(func(tx *bbolt.Tx) error {
		k, _ := tx.Bucket(placesBucket).Cursor().Seek(readmodel.Key(subject, 0))
		if bytes.HasPrefix(k, readmodel.Prefix(subject)) {
			return nil
		}
		return &handover.Refusal{
			Reason:   handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_NOT_FOUND,
			Message:  name + " is not in the history; check its name",
			Metadata: map[string]string{"conversation": name},
		}
	})
}

// upToNow sends what there is, portion by portion, and last of all the position
// that it has come to.
func (p *replay) upToNow(stream grpc.ServerStreamingServer[auditv1.ReplayAppendsResponse]) error {
	for {
		response, more, err := p.next()
		if err != nil {
			return err
		}
		if p.after > p.told || !p.begun {
			if err := stream.Send(response); err != nil {
				return err
			}
			p.begun, p.told = true, p.after
		}
		if !more {
			return nil
		}
	}
}

// next reads a portion and says whether there is more after it.
func (p *replay) next() (response *auditv1.ReplayAppendsResponse, more bool, err error) {
	response = &auditv1.ReplayAppendsResponse{}
	err = p.service.model.View(func(tx *bbolt.Tx) error {
		size := 0
		for len(response.Appends) < portion && size < portionBytes {
			position, payload := p.seek(tx)
			if payload == nil {
				return nil
			}
			p.after = position
			stored, err := read(position, payload)
			if err != nil {
				return err
			}
			if p.wanted(stored.Append) {
				response.Appends, size = append(response.Appends, stored), size+len(payload)
			}
		}
		more = true
		return nil
	})
	response.Position = p.after
	return response, more, err
}

// seek finds the next append of the replay; none at its end.
func (p *replay) seek(tx *bbolt.Tx) (uint64, []byte) {
	position := p.after + 1
	if p.subject != "" {
		k, _ := tx.Bucket(placesBucket).Cursor().Seek(readmodel.Key(p.subject, position))
		if !bytes.HasPrefix(k, readmodel.Prefix(p.subject)) {
			return 0, nil
		}
		position = readmodel.KeyPosition(k)
	}
	if until := p.request.UntilPosition; until > 0 && position > until {
		return 0, nil
	}
	return position, tx.Bucket(appendsBucket).Get(readmodel.PositionKey(position))
}

func read(position uint64, payload []byte) (*auditv1.StoredAppend, error) {
	a := &eventv1.Append{}
	if err := proto.Unmarshal(payload, a); err != nil {
		return nil, fmt.Errorf("position %d: %w", position, err)
	}
	hash := sha256.Sum256(payload)
	return &auditv1.StoredAppend{Position: position, Append: a, PayloadHash: hash[:]}, nil
}

// wanted says whether an append was recorded in the time that was asked for.
func (p *replay) wanted(a *eventv1.Append) bool {
	at := a.RecordTime.AsTime()
	if start := p.request.StartTime; start != nil && at.Before(start.AsTime()) {
		return false
	}
	end := p.request.EndTime
	return end == nil || at.Before(end.AsTime())
}
