package audit

import (
	"fmt"
	"net/http"
	"strings"

	"buf.build/go/protovalidate"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
)

// serveBundle serves entries, after recording who reads them.
func (s *Service) serveBundle(out http.ResponseWriter, r request) {
	purpose, err := statedPurpose(r.Header.Values(files.PurposeHeader))
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	s.tile(out, r, func(t tlog.Tile) ([]byte, error) {
		entries, err := r.log.history.Bundle(r.Context(), t)
		if err != nil {
			return nil, err
		}
		first := uint64(t.N) << t.H
		return entries, s.record.Add(r.Context(), access.Access{
			Caller: r.peer.URI, Command: "ReadEntries", Purpose: purpose,
			Reading: &eventv1.Reading{
				AfterPosition: first, UntilPosition: first + uint64(t.W),
				LogPosition: r.log.model.Position(), Accesses: r.which == auditv1.Log_LOG_ACCESSES,
			},
		})
	})
}

// statedPurpose reads a header such as "COMPLAINT 2026/118-3". Third-party clients send none;
// the purpose is then the one that tiles exist for.
func statedPurpose(header []string) (*eventv1.Purpose, error) {
	if len(header) == 0 {
		return &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_INTEGRITY}, nil
	}
	name, reference, _ := strings.Cut(header[0], " ")
	purpose := &eventv1.Purpose{Code: eventv1.PurposeCode(eventv1.PurposeCode_value["PURPOSE_CODE_"+name]), CaseReference: reference}
	if err := protovalidate.Validate(purpose); err != nil || len(header) > 1 {
		return nil, fmt.Errorf("%s: use a purpose such as INTEGRITY, then a space and the case number if there is one", files.PurposeHeader)
	}
	return purpose, nil
}
