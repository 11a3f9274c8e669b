// Package witnesses asks witnesses to cosign a checkpoint, using C2SP tlog-witness. A witness
// signs only extensions of the history that it has signed before, so the cosignatures of
// several prove that all of them were shown the same one.
package witnesses

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// ErrOtherHistory: a witness has cosigned a history that this one does not extend. Either this
// log has lost or changed something, or another one uses its key.
var ErrOtherHistory = errors.New("the witness has cosigned another history")

// answersWithin is how long a witness may take.
const answersWithin = 5 * time.Second

// grace is how long to wait for the rest after enough have cosigned.
const grace = time.Second

// errSlow: enough others were faster.
var errSlow = errors.New("it had not answered when enough others had")

// Witnesses are those of a policy that have a URL.
type Witnesses struct {
	policy *verify.Policy
	client *http.Client

	mu    sync.Mutex
	sizes map[string]int64 // the newest size that each has cosigned, as far as known
}

// New returns the witnesses of a policy.
func New(policy *verify.Policy) *Witnesses {
	return &Witnesses{policy: policy, client: &http.Client{Timeout: answersWithin}, sizes: map[string]int64{}}
}

// Request is a checkpoint to be cosigned.
type Request struct {
	verify.Checkpoint
	// Signed is the checkpoint with the log's signature.
	Signed []byte
	// Prove proves that its history extends that of an older size.
	Prove func(older int64) (tlog.TreeProof, error)
}

// Cosign asks all witnesses at once, and returns the signed checkpoint with the cosignatures
// received: all of them, or those that came soon after there were enough. The errors are those
// of the other witnesses, by their names in the policy.
func (w *Witnesses) Cosign(ctx context.Context, r Request) (cosigned []byte, failed map[string]error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers, waiting := w.askAll(ctx, r)
	cosigned, failed = bytes.Clone(r.Signed), map[string]error{}
	var enough <-chan time.Time
	for len(waiting) > 0 {
		if enough == nil && w.policy.Quorate(cosigned) {
			enough = time.After(grace)
		}
		select {
		case a := <-answers:
			delete(waiting, a.name)
			cosigned = append(cosigned, a.line...)
			if a.err != nil {
				failed[a.name] = a.err
			}
		case <-enough:
			maps.Copy(failed, waiting)
			return cosigned, failed
		}
	}
	return cosigned, failed
}

// answer is a witness's response: a line, or an error.
type answer struct {
	name, line string
	err        error
}

// askAll asks all at once. It returns those still to be waited for, by name, with the error to
// report if they are too late.
func (w *Witnesses) askAll(ctx context.Context, r Request) (answers chan answer, waiting map[string]error) {
	answers, waiting = make(chan answer, len(w.policy.Witnesses)), map[string]error{}
	for _, witness := range w.policy.Witnesses {
		if witness.URL == "" {
			continue
		}
		waiting[witness.Name] = errSlow
		go func() {
			line, err := w.ask(ctx, witness, r)
			answers <- answer{witness.Name, line, err}
		}()
	}
	return answers, waiting
}

// ask asks once, and once more if the witness reports a different size than expected.
func (w *Witnesses) ask(ctx context.Context, witness verify.PolicyWitness, r Request) (line string, err error) {
	known := w.known(witness.Name)
	if known > r.Size {
		return "", fmt.Errorf("%w: it has %d commits, this one %d", ErrOtherHistory, known, r.Size)
	}
	line, theirs, err := w.post(ctx, witness, r, known)
	if theirs == known || errors.Is(err, ErrOtherHistory) {
		return line, err
	}
	if theirs > r.Size {
		return "", fmt.Errorf("%w: it has %d commits, this one %d", ErrOtherHistory, theirs, r.Size)
	}
	w.learn(witness.Name, theirs)
	if err == nil {
		return line, nil
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
