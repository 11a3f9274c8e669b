package audit

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/readmodel"
)

// One response holds at most this many appends, and about as many bytes: a
// client takes 4 MiB at once. It comes after so many were looked at, wanted or
// not, so that a client sees how far a long search has come and can end it.
const (
	portion      = 256
	portionBytes = 1 << 20
	portionSeen  = 20_000
)

// ReplayAppends streams the history, of one conversation, of one line or of
// everything.
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
	*selection
	model *readmodel.Model
	after uint64
	// told is the position that the auditor has been told of, once it has begun.
	begun bool
	told  uint64
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
	err = p.model.View(func(tx *bbolt.Tx) error {
		size := 0
		for seen := 0; len(response.Appends) < portion && size < portionBytes && seen < portionSeen; seen++ {
			position, payload := p.seek(tx, p.after+1)
			if payload == nil {
				return nil
			}
			p.after = position
			stored, err := read(position, payload)
			if err != nil {
				return err
			}
			if !p.wanted(tx, stored) {
				continue
			}
			if p.request.WithPayload {
				stored.Payload, size = bytes.Clone(payload), size+len(payload)
			}
			response.Appends, size = append(response.Appends, stored), size+len(payload)
		}
		more = true
		return nil
	})
	response.Position = p.after
	return response, more, err
}

func read(position uint64, payload []byte) (*auditv1.StoredAppend, error) {
	a := &eventv1.Append{}
	if err := proto.Unmarshal(payload, a); err != nil {
		return nil, fmt.Errorf("position %d: %w", position, err)
	}
	hash := sha256.Sum256(payload)
	return &auditv1.StoredAppend{Position: position, Append: a, PayloadHash: hash[:]}, nil
}
