package sealing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// proofs is what the line trusts, and what it has verified.
type proofs struct {
	policy *verify.Policy // nil until it was read
	// newest is the newest checkpoint that was verified. Every later one must continue it.
	newest verify.Checkpoint
	proved map[string]time.Time // by key id
}

// trusted is the line's policy: whose checkpoints count, and which witnesses must have seen them. A line
// without a policy trusts the first log that it meets, and no other from then on. Errors: ErrUnproved.
func (s *System) trusted(ctx context.Context) (*verify.Policy, error) {
	if s.proofs.policy != nil {
		return s.proofs.policy, nil
	}
	text, err := os.ReadFile(s.store.base + ".policy")
	if errors.Is(err, fs.ErrNotExist) {
		text, err = s.firstLog(ctx)
	}
	if err != nil {
		return nil, err
	}
	policy, err := verify.ParsePolicy(text)
	if err == nil {
		err = s.loadProofs(policy)
	}
	if err != nil {
		return nil, err
	}
	s.proofs.policy = policy
	return policy, nil
}

func (s *System) firstLog(ctx context.Context) ([]byte, error) {
	met, err := prompt(ctx, s.platform.Audit.GetCheckpoint, &auditv1.GetCheckpointRequest{})
	if err != nil {
		return nil, err
	}
	text := fmt.Appendf(nil, "log %s\nquorum none\n", met.LogKey)
	return text, replace(s.store.base+".policy", text)
}

func (s *System) proofFile() string { return s.store.base + ".proofs" }

// loadProofs reads what the line has verified of the log that it trusts. What it verified of another one does not count.
func (s *System) loadProofs(policy *verify.Policy) error {
	s.proofs.proved = map[string]time.Time{}
	text, err := os.ReadFile(s.proofFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	file := &sealv1.ProofFile{}
	if err == nil {
		err = proto.Unmarshal(text, file)
	}
	if err == nil && len(file.Root) != tlog.HashSize {
		err = errors.New("it has no root")
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read; remove it, and keys are proved again: %w", s.proofFile(), err)
	}
	at := slices.IndexFunc(policy.Logs, func(log verify.PolicyLog) bool { return log.VKey() == file.Log })
	if at < 0 {
		return nil
	}
	s.proofs.newest = verify.Checkpoint{Origin: policy.Logs[at].Name(), Size: file.Size, Root: tlog.Hash(file.Root)}
	for _, key := range file.Keys {
		s.proofs.proved[string(key.Key)] = key.ProveTime.AsTime()
	}
	return nil
}

// saveProofs keeps what was verified, so that it counts after a restart. Keys that count no more are left out.
func (s *System) saveProofs() error {
	file := &sealv1.ProofFile{Size: s.proofs.newest.Size, Root: s.proofs.newest.Root[:]}
	for _, log := range s.proofs.policy.Logs {
		if log.Name() == s.proofs.newest.Origin {
			file.Log = log.VKey()
		}
	}
	for id, at := range s.proofs.proved {
		if s.now().Before(at.Add(provedFor)) {
			file.Keys = append(file.Keys, &sealv1.ProvedKey{Key: []byte(id), ProveTime: timestamppb.New(at)})
		}
	}
	text, err := proto.Marshal(file)
	if err != nil {
		return err
	}
	return replace(s.proofFile(), text)
}

// Trust makes a log the one that a line trusts: for a platform that has opened a new log. What was proved in the
// earlier one is proved again. A program that is running goes on with the earlier one until it starts again.
func Trust(files client.Credentials, logKey string) error {
	base := strings.TrimSuffix(files.Cert, ".pem")
	if before, err := os.ReadFile(base + ".policy"); err == nil {
		if policy, err := verify.ParsePolicy(before); err == nil && len(policy.Witnesses) > 0 {
			return fmt.Errorf("%s.policy names witnesses; replace the log's key in it, and remove %s.proofs", base, base)
		}
	}
	text := fmt.Appendf(nil, "log %s\nquorum none\n", logKey)
	if _, err := verify.ParsePolicy(text); err != nil {
		return fmt.Errorf("%q is not the public key of a log: %w", logKey, err)
	}
	if err := os.Remove(base + ".proofs"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return replace(base+".policy", text)
}
