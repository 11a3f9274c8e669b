package audit

import (
	"context"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// run is a run of adjacent positions, both ends included.
type run struct{ from, to uint64 }

// runs are the runs of ascending positions.
func runs(positions []uint64) (all []run) {
	for _, at := range positions {
		if n := len(all); n > 0 && all[n-1].to+1 == at {
			all[n-1].to = at
		} else {
			all = append(all, run{at, at})
		}
	}
	return all
}

// stored is a commit with the header that the log has of it.
type stored struct {
	eventlog.Entry
	header []byte
}

// read reads commits back from the log. What is not covered by the tree yet must be genuine.
func (s *Service) read(ctx context.Context, all []run, each func(stored) error) error {
	for _, r := range all {
		err := s.history.Read(ctx, r.from, r.to, func(position uint64, m verify.Message, signed bool) error {
			entry, err := s.decode(position, m, signed)
			if err != nil {
				return err
			}
			return each(stored{entry, m.Header})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) decode(position uint64, m verify.Message, signed bool) (eventlog.Entry, error) {
	if !signed {
		return s.deps.Log.Genuine(position, m)
	}
	entry := eventlog.Entry{Position: position, Commit: &eventv1.Commit{}, Payload: m.Payload, Hash: sha256.Sum256(m.Payload)}
	if err := proto.Unmarshal(m.Payload, entry.Commit); err != nil {
		return entry, fmt.Errorf("position %d: %w", position, err)
	}
	return entry, nil
}
