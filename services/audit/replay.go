package audit

import (
	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
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
	p.stream = stream
	for {
		changed := s.model.Changed()
		if err := p.upToNow(); err != nil {
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
	service *Service
	stream  grpc.ServerStreamingServer[auditv1.ReplayCommitsResponse]
	after   uint64
	// told is the last position reported to the auditor; valid once begun.
	begun bool
	told  uint64
	// next is the response that is being filled, of so many bytes after so many commits.
	next       *auditv1.ReplayCommitsResponse
	size, seen int
}

// upToNow sends what the log holds now, portion by portion, and finally the position that it
// has reached.
func (p *replay) upToNow() error {
	for {
		var all []run
		err := p.service.model.View(func(tx *bbolt.Tx) error {
			all = p.selection.after(tx, p.after)
			return nil
		})
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return p.send()
		}
		if err := p.service.read(p.stream.Context(), all, p.examine); err != nil {
			return err
		}
	}
}

// examine adds a commit to the next response if it is wanted, and sends the response once it is
// full.
func (p *replay) examine(s stored) error {
	p.after = s.Position
	wanted, err := p.wanted(p.service.model, s.Entry)
	if err != nil {
		return err
	}
	if wanted {
		p.add(s)
	}
	p.seen++
	if len(p.next.Commits) < portion && p.size < portionBytes && p.seen < portionSeen {
		return nil
	}
	return p.send()
}

func (p *replay) add(s stored) {
	one := &auditv1.StoredCommit{Position: s.Position, Commit: s.Commit, PayloadHash: s.Hash[:]}
	p.size += len(s.Payload)
	if p.request.WithPayload {
		one.Payload, one.Header = s.Payload, s.header
		p.size += len(s.Payload)
	}
	p.next.Commits = append(p.next.Commits, one)
}

// send sends what was found, unless nothing is new since the last response.
func (p *replay) send() error {
	if p.begun && p.after <= p.told {
		return nil
	}
	p.next.Position = p.after
	if err := p.stream.Send(p.next); err != nil {
		return err
	}
	p.begun, p.told = true, p.after
	p.next, p.size, p.seen = &auditv1.ReplayCommitsResponse{}, 0, 0
	return nil
}
