package sealing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
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

func (s *System) firstLog(ctx context.Context) (text []byte, err error) {
	met, err := prompt(ctx, s.platform.Audit.GetCheckpoint, &auditv1.GetCheckpointRequest{})
	if err != nil {
		return nil, err
	}
	path := s.store.base + ".policy"
	err = s.store.locked(path, func() error {
		if text, err = os.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
			return err // another program was faster
		}
		text = fmt.Appendf(nil, "log %s\nquorum none\n", met.LogKey)
		return replace(path, text)
	})
	return text, err
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
