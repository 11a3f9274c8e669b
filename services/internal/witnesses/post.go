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

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
)

// maxAnswer is the largest accepted response in bytes.
const maxAnswer = 64 << 10

// post sends a checkpoint with the proof from an older size. It returns the size that the
// witness has now cosigned, or otherwise the older one.
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
		return "", theirs, fmt.Errorf("it has cosigned %d commits, not %d", theirs, older)
	case http.StatusUnprocessableEntity:
		return "", older, fmt.Errorf("%w: this one does not continue its %d commits", ErrOtherHistory, older)
	}
	return "", older, fmt.Errorf("it answers with status %d", response.StatusCode)
}

// cosignature finds the witness's own line in a response, which may have others.
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
