package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/rawlog"
)

// One response holds at most this many commits, and about this many bytes: a client accepts 4
// MiB at once. A response is sent after this many commits were examined, wanted or not, so
// that a client can follow the progress of a long search and stop it.
const (
	portion      = 256
	portionBytes = 1 << 20
	portionSeen  = 20_000
)

// ReplayCommits streams the history, of one conversation, of one line or of
// everything.
func (s *Service) ReplayCommits(r *auditv1.ReplayCommitsRequest, stream grpc.ServerStreamingServer[auditv1.ReplayCommitsResponse]) error {
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
		if _, err := s.record.open(stream.Context()); err != nil {
			return err
		}
	}
}

// replay is one auditor's position in the history.
type replay struct {
	*selection
	model  *projection.Model
	stream *rawlog.Stream
	after  uint64
	// told is the last position reported to the auditor; valid once begun.
	begun bool
	told  uint64
}

// upToNow sends what the log holds now, portion by portion, and finally the position that it
// has reached.
func (p *replay) upToNow(stream grpc.ServerStreamingServer[auditv1.ReplayCommitsResponse]) error {
	for {
		response, more, err := p.next()
		if err != nil {
			return err
		}
		if err := p.addHeaders(stream.Context(), response.Commits); err != nil {
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

// next reads a portion and reports whether more follows.
func (p *replay) next() (response *auditv1.ReplayCommitsResponse, more bool, err error) {
	response = &auditv1.ReplayCommitsResponse{}
	err = p.model.View(func(tx *bbolt.Tx) error {
		size := 0
		for seen := 0; len(response.Commits) < portion && size < portionBytes && seen < portionSeen; seen++ {
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
			response.Commits, size = append(response.Commits, stored), size+len(payload)
		}
		more = true
		return nil
	})
	response.Position = p.after
	return response, more, err
}

// addHeaders reads the stored headers from the stream, for requests that ask for them. The
// projection has none, because no decision depends on a header.
func (p *replay) addHeaders(ctx context.Context, appends []*auditv1.StoredCommit) error {
	for p.request.WithPayload && len(appends) > 0 {
		first, count := appends[0].Position, inARow(appends)
		err := p.stream.Read(ctx, int64(first), int64(first)+int64(count)-1, func(position int64, m verify.Message) error {
			appends[uint64(position)-first].Header = m.Header
			return nil
		})
		if err != nil {
			return err
		}
		appends = appends[count:]
	}
	return nil
}

// inARow is how many commits, from the first on, are adjacent in the log.
func inARow(appends []*auditv1.StoredCommit) int {
	for i, stored := range appends {
		if stored.Position != appends[0].Position+uint64(i) {
			return i
		}
	}
	return len(appends)
}

func read(position uint64, payload []byte) (*auditv1.StoredCommit, error) {
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(payload, a); err != nil {
		return nil, fmt.Errorf("position %d: %w", position, err)
	}
	hash := sha256.Sum256(payload)
	return &auditv1.StoredCommit{Position: position, Commit: a, PayloadHash: hash[:]}, nil
}
