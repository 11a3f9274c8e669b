package witness

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/witnesses"
)

// maxRequest is the largest accepted request in bytes.
const maxRequest = 64 << 10

// maxProof is the maximum number of hashes in a proof.
const maxProof = 63

// Handler answers add-checkpoint, and shows the newest cosigned checkpoint of each log.
func (w *Witness) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", w.addCheckpoint)
	for origin := range w.logs {
		mux.HandleFunc("GET "+witnesses.NewestPath(origin), func(out http.ResponseWriter, _ *http.Request) { w.showNewest(out, origin) })
	}
	return mux
}

// showNewest answers with the checkpoint as the log signed it. So a log that came back older can
// learn what it had signed.
func (w *Witness) showNewest(out http.ResponseWriter, origin string) {
	signed, err := w.newest(origin)
	switch {
	case err != nil:
		w.refuse(out, 0, err)
	case signed == nil:
		http.Error(out, "nothing of this log was cosigned yet", http.StatusNotFound)
	default:
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		out.Write(signed)
	}
}

func (w *Witness) addCheckpoint(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(out, r.Body, maxRequest))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		http.Error(out, "the request is larger than 64 KiB", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(out, "the request ended before its end; send it again", http.StatusBadRequest)
		return
	}
	s, err := parse(body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	line, size, err := w.add(s)
	if err != nil {
		w.refuse(out, size, err)
		return
	}
	io.WriteString(out, line)
}

// refuse answers with the protocol's status for a reason.
func (w *Witness) refuse(out http.ResponseWriter, size int64, err error) {
	switch {
	case errors.Is(err, errUnknownLog):
		http.Error(out, err.Error(), http.StatusNotFound)
	case errors.Is(err, errSignature):
		http.Error(out, errSignature.Error(), http.StatusForbidden)
	case errors.Is(err, errInconsistent):
		http.Error(out, err.Error(), http.StatusUnprocessableEntity)
	case errors.Is(err, errOtherSize), errors.Is(err, errOtherRoot):
		out.Header().Set("Content-Type", "text/x.tlog.size")
		out.WriteHeader(http.StatusConflict)
		fmt.Fprintf(out, "%d\n", size)
	case errors.Is(err, errOlder), errors.Is(err, verify.ErrCheckpoint):
		http.Error(out, err.Error(), http.StatusBadRequest)
	default:
		w.logger.Error("witness failed", "error", err)
		http.Error(out, "the witness failed; ask again later", http.StatusInternalServerError)
	}
}

// parse parses a request: the old size, the proof, an empty line, the checkpoint.
func parse(body []byte) (s submission, err error) {
	head, signed, ok := bytes.Cut(body, []byte("\n\n"))
	if !ok {
		return s, errors.New("the request has no empty line before its checkpoint")
	}
	s.signed = signed
	lines := bufio.NewScanner(bytes.NewReader(head))
	lines.Scan()
	old, ok := strings.CutPrefix(lines.Text(), "old ")
	s.older, err = strconv.ParseInt(old, 10, 64)
	if !ok || err != nil || s.older < 0 || strconv.FormatInt(s.older, 10) != old {
		return s, fmt.Errorf("the request begins with %q, not with its old size", lines.Text())
	}
	for lines.Scan() {
		hash, err := tlog.ParseHash(lines.Text())
		if err != nil || len(s.proof) == maxProof {
			return s, errors.New("the request's proof is not up to 63 hashes in base64")
		}
		s.proof = append(s.proof, hash)
	}
	return s, lines.Err()
}
