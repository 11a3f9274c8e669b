package history

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
	"github.com/stafett/stafett/services/internal/witnesses"
)

// rename gives the log the name that a recovery chose. The witnesses of the earlier log hold on
// to that one's name.
func (h *History) rename() error {
	name, err := files.ReadAtMost(h.path(originFile), mostBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if len(name) > 0 {
		h.Origin = strings.TrimSpace(string(name))
	}
	return err
}

// signer opens the log's key. It creates one only if nothing has been signed yet.
func (h *History) signer() (verify.LogSigner, error) {
	private, err := pemfile.OpenKey(h.path(keyFile), func() (ed25519.PrivateKey, error) {
		for _, signed := range []string{checkpointFile, shownFile, keptFile, treeFile} {
			if _, err := os.Stat(h.path(signed)); err == nil {
				return nil, fmt.Errorf("%s was signed with a key that is gone; put %s back", signed, keyFile)
			}
		}
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	})
	if err != nil {
		return verify.LogSigner{}, err
	}
	return verify.NewLogSigner(h.Origin, private)
}

// openPolicy reads who must cosign. If the file is missing, or names other logs but not this
// one, nobody must.
func (h *History) openPolicy() error {
	text, err := files.ReadAtMost(h.Policy, mostBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	policy, err := verify.ParsePolicy(text)
	if err == nil {
		err = policy.Reachable()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", h.Policy, err)
	}
	if !policy.Covers(h.Origin) {
		h.Logger.Warn("the policy does not name this log, so no witness is asked to cosign it", "policy", h.Policy, "origin", h.Origin)
		return nil
	}
	h.policy, h.witnesses = policy, witnesses.New(policy)
	return nil
}

// openPublished reads the published checkpoint, the one that witnesses were shown, and the one
// that others kept. A checkpoint without the cosignatures required today is published again once
// it has them.
func (h *History) openPublished() error {
	published, _, err := h.readSigned(checkpointFile)
	if h.policy == nil || h.policy.Quorate(published) {
		h.published = published
	}
	_, _, shown := h.readSigned(shownFile)
	_, checkpoint, kept := h.readSigned(keptFile)
	h.kept = checkpoint
	return errors.Join(err, shown, kept)
}

// readSigned reads a checkpoint file, if it exists.
func (h *History) readSigned(file string) (signed []byte, c verify.Checkpoint, err error) {
	signed, err = files.ReadAtMost(h.path(file), mostBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c, nil
	}
	if err != nil {
		return nil, c, err
	}
	if c, err = verify.OpenCheckpoint(signed, h.log); err != nil {
		return nil, verify.Checkpoint{}, fmt.Errorf("%s: %w; put back the file, and %s if it was replaced", h.path(file), err, keyFile)
	}
	h.signed = append(h.signed, c)
	return signed, c, nil
}

// mostBytes is the size limit of a policy or checkpoint file.
const mostBytes = 1 << 20
