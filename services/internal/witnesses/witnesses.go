// Package witnesses asks witnesses to cosign a checkpoint, by C2SP tlog-witness.
// A witness signs only what continues the history that it has signed before, so
// the cosignatures of several say that all of them were shown the same one.
package witnesses

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// ErrOtherHistory: a witness has cosigned a history that this one does not
// continue. Either this log has lost or changed something, or another one uses
// its key.
var ErrOtherHistory = errors.New("the witness has cosigned another history")

// answersWithin is how long a witness may take.
const answersWithin = 5 * time.Second

// maxAnswer is the largest answer in bytes that is read.
const maxAnswer = 64 << 10

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

// post sends a checkpoint with the proof from an older size. It returns the size
// that the witness has cosigned now, or else the older one.
func (w *Witnesses) post(ctx context.Context, witness verify.PolicyWitness, r Request, older int64) (line string, size int64, err error) {
	body, err := requestBody(r, older)
	if err != nil {
		return "", older, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(witness.URL, "/")+"/add-checkpoint", bytes.NewReader(body))
	if err != nil {
		return "", older, err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return "", older, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return "", older, err
	}
	return understand(witness, r, older, response, answer)
}

func requestBody(r Request, older int64) ([]byte, error) {
	proof, err := r.Prove(older)
	if err != nil {
		return nil, err
	}
	body := fmt.Appendf(nil, "old %d\n", older)
	for _, hash := range proof {
		body = fmt.Appendf(body, "%s\n", hash)
	}
	return append(append(body, '\n'), r.Signed...), nil
}

func understand(witness verify.PolicyWitness, r Request, older int64, response *http.Response, answer []byte) (line string, size int64, err error) {
	switch response.StatusCode {
	case http.StatusOK:
		line, err = cosignature(witness, r.Signed, answer)
		return line, r.Size, err
	case http.StatusConflict:
		theirs, err := strconv.ParseInt(strings.TrimSpace(string(answer)), 10, 64)
		if err != nil || theirs < 0 || theirs == older {
			return "", older, fmt.Errorf("%w: it has another root at size %d", ErrOtherHistory, older)
		}
		return "", theirs, fmt.Errorf("it has cosigned %d appends, not %d", theirs, older)
	case http.StatusUnprocessableEntity:
		return "", older, fmt.Errorf("%w: this one does not continue its %d appends", ErrOtherHistory, older)
	}
	return "", older, fmt.Errorf("it answers with status %d", response.StatusCode)
}

// cosignature finds the witness's own line in an answer, which may have others.
func cosignature(witness verify.PolicyWitness, signed, answer []byte) (string, error) {
	opened, err := note.Open(append(bytes.Clone(signed), answer...), note.VerifierList(witness.Witness))
	if err != nil {
		return "", fmt.Errorf("its answer has no cosignature of its key: %w", err)
	}
	for _, s := range opened.Sigs {
		if raw, err := base64.StdEncoding.DecodeString(s.Base64); err == nil && len(raw) > 0 {
			return fmt.Sprintf("— %s %s\n", s.Name, s.Base64), nil
		}
	}
	return "", errors.New("its answer has no cosignature of its key")
}
