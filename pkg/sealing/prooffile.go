package sealing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/verify"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

func (s *System) proofFile() string { return s.store.base + ".proofs" }

// loadProofs reads what the line has verified of the log that it trusts. What it verified of another one does not count.
func (s *System) loadProofs(policy *verify.Policy) error {
	s.proofs.proved = map[string]time.Time{}
	file, err := s.readProofs()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(policy.Logs, func(log verify.PolicyLog) bool { return log.VKey() == file.Log })
	if at < 0 {
		return nil
	}
	s.proofs.newest = verify.Checkpoint{Origin: policy.Logs[at].Name(), Size: file.Size, Root: tlog.Hash(file.Root)}
	s.proofs.merge(file)
	return nil
}

// readProofs returns an empty file if there is none.
func (s *System) readProofs() (*sealv1.ProofFile, error) {
	file := &sealv1.ProofFile{}
	text, err := os.ReadFile(s.proofFile())
	if errors.Is(err, fs.ErrNotExist) {
		return file, nil
	}
	if err == nil {
		err = proto.Unmarshal(text, file)
	}
	if err == nil && len(file.Root) != tlog.HashSize {
		err = errors.New("it has no root")
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read; remove it, and keys are proved again: %w", s.proofFile(), err)
	}
	return file, nil
}

// merge takes the keys that another program of the line, or an earlier run, has proved.
func (p *proofs) merge(file *sealv1.ProofFile) {
	for _, key := range file.Keys {
		if at := key.ProveTime.AsTime(); at.After(p.proved[string(key.Key)]) {
			p.proved[string(key.Key)] = at
		}
	}
}

// saveProofs keeps what was verified, so that it counts after a restart, with what other programs of the line have
// verified meanwhile. If one of them has seen more of the log, the file stays as it is.
func (s *System) saveProofs() error {
	return s.store.locked(s.proofFile(), func() error {
		next := s.proofs.file(s.now())
		last, err := s.readProofs()
		if err != nil {
			return err
		}
		if last.Log == next.Log {
			if last.Size > next.Size {
				return nil
			}
			s.proofs.merge(last)
			next = s.proofs.file(s.now())
		}
		text, err := proto.Marshal(next)
		if err != nil {
			return err
		}
		return replace(s.proofFile(), text)
	})
}

// file is what is kept. Keys that count no more are left out.
func (p *proofs) file(now time.Time) *sealv1.ProofFile {
	file := &sealv1.ProofFile{Size: p.newest.Size, Root: p.newest.Root[:]}
	for _, log := range p.policy.Logs {
		if log.Name() == p.newest.Origin {
			file.Log = log.VKey()
		}
	}
	for id, at := range p.proved {
		if now.Before(at.Add(provedFor)) {
			file.Keys = append(file.Keys, &sealv1.ProvedKey{Key: []byte(id), ProveTime: timestamppb.New(at)})
		}
	}
	return file
}
