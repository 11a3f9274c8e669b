package apitest

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

const (
	HistoryLog = auditv1.Log_LOG_HISTORY
	AccessLog  = auditv1.Log_LOG_ACCESSES
)

// Checkpoint waits for a log's checkpoint that covers a position.
func (w *World) Checkpoint(position uint64, which auditv1.Log) (*auditv1.GetCheckpointResponse, verify.Checkpoint) {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(w.Ctx, logtest.Patience)
	defer cancel()
	for {
		answer, err := w.Auditor().Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{Log: which})
		if err == nil && answer.Size >= position {
			log := Must[verify.Log](w.T)(verify.ParseLog(answer.LogKey))
			return answer, Must[verify.Checkpoint](w.T)(verify.OpenCheckpoint([]byte(answer.Checkpoint), log))
		}
		if ctx.Err() != nil {
			w.T.Fatalf("no checkpoint covers position %d: %v", position, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// AskTiles calls the tile server as a peer of a kind, or without a certificate, and states a
// purpose if one is given.
func (w *World) AskTiles(kind identity.Kind, method, url string, purpose ...string) *http.Response {
	w.T.Helper()
	names := map[identity.Kind]string{identity.Auditor: "auditor", identity.Operator: "operator", identity.Line: "first", identity.Service: "intake", "": "auditor"}
	of := kind
	if of == "" {
		of = identity.Auditor
	}
	config, err := client.ClientTLS(platform.Credentials(platform.IdentityFolder(w.Data), string(of), names[kind]), "audit")
	if err != nil {
		w.T.Fatal(err)
	}
	if kind == "" {
		config.GetClientCertificate = nil
	}
	caller := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(w.Ctx, method, url, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, stated := range purpose {
		request.Header.Add(files.PurposeHeader, stated)
	}
	response, err := caller.Do(request)
	if err != nil {
		w.T.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}
