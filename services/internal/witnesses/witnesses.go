// Package witnesses asks witnesses to cosign a checkpoint, by C2SP tlog-witness.
// A witness signs only what continues the history that it has signed before, so
// the cosignatures of several say that all of them were shown the same one.
package witnesses

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// ErrOtherHistory: a witness has cosigned a history that this one does not
// continue. Either this log has lost or changed something, or another one uses
// its key.
var ErrOtherHistory = errors.New("the witness has cosigned another history")

// answersWithin is how long a witness may take.
const answersWithin = 5 * time.Second

// Witnesses are those of a policy that have a URL.
type Witnesses struct {
	policy *verify.Policy
	client *http.Client

	mu    sync.Mutex
	sizes map[string]int64 // what each has cosigned, as far as is known
}

// New makes the witnesses of a policy.
func New(policy *verify.Policy) *Witnesses {
	return &Witnesses{policy: policy, client: &http.Client{Timeout: answersWithin}, sizes: map[string]int64{}}
}

// Request is a checkpoint to be cosigned.
type Request struct {
	verify.Checkpoint
	// Signed is the checkpoint with the log's signature.
	Signed []byte
	// Prove proves that its history continues that of an older size.
	Prove func(older int64) (tlog.TreeProof, error)
}

// Cosign asks all witnesses at once, and returns the signed checkpoint with the
// cosignatures that came. The errors are of those that did not give one, by the
// policy's name of the witness.
func (w *Witnesses) Cosign(ctx context.Context, r Request) (cosigned []byte, failed map[string]error) {
	lines := make([]string, len(w.policy.Witnesses))
	errs := make([]error, len(lines))
	var asking sync.WaitGroup
	for i, witness := range w.policy.Witnesses {
		if witness.URL != "" {
			asking.Go(func() { lines[i], errs[i] = w.ask(ctx, witness, r) })
		}
	}
	asking.Wait()
	failed = map[string]error{}
	for i, err := range errs {
		if err != nil {
			failed[w.policy.Witnesses[i].Name] = err
		}
	}
	return append(bytes.Clone(r.Signed), strings.Join(lines, "")...), failed
}

// ask asks once, and once more where the witness knows another size than was
// thought.
func (w *Witnesses) ask(ctx context.Context, witness verify.PolicyWitness, r Request) (line string, err error) {
	known := w.known(witness.Name)
	if known > r.Size {
		return "", fmt.Errorf("%w: it has %d appends, this one %d", ErrOtherHistory, known, r.Size)
	}
	line, theirs, err := w.post(ctx, witness, r, known)
	if theirs == known || errors.Is(err, ErrOtherHistory) {
		return line, err
	}
	w.learn(witness.Name, theirs)
	if err == nil {
		return line, nil
	}
	if theirs > r.Size {
		return "", fmt.Errorf("%w: it has %d appends, this one %d", ErrOtherHistory, theirs, r.Size)
	}
	line, theirs, err = w.post(ctx, witness, r, theirs)
	if err == nil {
		w.learn(witness.Name, theirs)
	}
	return line, err
}

func (w *Witnesses) known(name string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sizes[name]
}

func (w *Witnesses) learn(name string, size int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sizes[name] = size
}
