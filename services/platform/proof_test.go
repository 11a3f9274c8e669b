package platform_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/platform"
)

// checkpointOf waits for a checkpoint that covers a position.
func (w *world) checkpointOf(position uint64) (*auditv1.GetCheckpointResponse, verify.Checkpoint) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	for {
		answer, err := w.auditor().Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{})
		if err == nil && answer.Size >= position {
			log := must[verify.Log](w.t)(verify.ParseLog(answer.LogKey))
			return answer, must[verify.Checkpoint](w.t)(verify.OpenCheckpoint([]byte(answer.Checkpoint), log))
		}
		if ctx.Err() != nil {
			w.t.Fatalf("no checkpoint covers position %d: %v", position, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func hashesOf(path [][]byte) (all []tlog.Hash) {
	for _, hash := range path {
		all = append(all, tlog.Hash(hash))
	}
	return all
}

func TestProofsByRPC(t *testing.T) {
	w := newWorld(t)
	lines := w.last()
	_, before := w.checkpointOf(lines)
	conversation := w.desk("sender").open()
	last := w.last()
	w.checkpointOf(last)
	audit := w.desk("first").Audit
	proof := must[*auditv1.ProveInclusionResponse](t)(audit.ProveInclusion(w.ctx, &auditv1.ProveInclusionRequest{Position: last}))
	c := must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(proof.Checkpoint)))
	if err := tlog.CheckRecord(hashesOf(proof.Path), c.Size, c.Root, int64(last)-1, tlog.Hash(proof.Leaf)); err != nil {
		t.Errorf("position %d of %s: %v", last, conversation, err)
	}
	grown := must[*auditv1.ProveConsistencyResponse](t)(audit.ProveConsistency(w.ctx, &auditv1.ProveConsistencyRequest{OlderSize: uint64(before.Size)}))
	c = must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(grown.Checkpoint)))
	if err := tlog.CheckTree(hashesOf(grown.Path), c.Size, c.Root, before.Size, before.Root); err != nil {
		t.Errorf("%d after %d: %v", c.Size, before.Size, err)
	}
}

func TestProofsForWhatIsNotThereAreRefused(t *testing.T) {
	w := newWorld(t)
	last := w.last()
	w.checkpointOf(last)
	audit := w.auditor().Audit
	_, inclusion := audit.ProveInclusion(w.ctx, &auditv1.ProveInclusionRequest{Position: last + 1000})
	_, consistency := audit.ProveConsistency(w.ctx, &auditv1.ProveConsistencyRequest{OlderSize: last + 1000})
	for _, err := range []error{inclusion, consistency} {
		refused(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
	}
	if _, err := audit.ProveInclusion(w.ctx, &auditv1.ProveInclusionRequest{}); err == nil {
		t.Error("position 0 is proved")
	}
}

// TestWhoMayReadTiles: hashes for every peer, entries for auditors, nothing for
// those without a certificate, and nothing but GET.
func TestWhoMayReadTiles(t *testing.T) {
	w := newWorld(t)
	answer, c := w.checkpointOf(w.last())
	width := int(c.Size)
	hashes, entries := verify.TilePath(verify.Tile(0, 0, width)), verify.TilePath(verify.Tile(verify.Bundles, 0, width))
	for _, want := range []struct {
		method, path string
		kind         identity.Kind
		status       int
		content      string
	}{
		{"GET", "checkpoint", identity.Line, 200, "text/plain; charset=utf-8"},
		{"GET", hashes, identity.Line, 200, "application/octet-stream"},
		{"GET", hashes, identity.Operator, 200, "application/octet-stream"},
		{"GET", entries, identity.Auditor, 200, "application/octet-stream"},
		{"GET", entries, identity.Line, 403, ""},
		{"GET", entries, identity.Operator, 403, ""},
		{"GET", hashes, identity.Service, 403, ""},
		{"GET", "checkpoint", "", 401, ""},
		{"POST", "checkpoint", identity.Auditor, 405, ""},
		{"GET", "tile/0/001", identity.Auditor, 404, ""},
		{"GET", "tile/0/x", identity.Auditor, 404, ""},
		{"GET", "tile/entries/000", identity.Auditor, 404, ""},
		{"GET", "tile/9/000.p/1", identity.Auditor, 404, ""},
		{"GET", "audit/checkpoint.key", identity.Auditor, 404, ""},
	} {
		response := w.ask(want.kind, want.method, answer.TilesUrl+"/"+want.path)
		if response.StatusCode != want.status || want.content != "" && response.Header.Get("Content-Type") != want.content {
			t.Errorf("%s %s as %q: %d, %s", want.method, want.path, want.kind, response.StatusCode, response.Header.Get("Content-Type"))
		}
	}
}

// ask asks the server of tiles as a peer of a kind, or without a certificate.
func (w *world) ask(kind identity.Kind, method, url string) *http.Response {
	w.t.Helper()
	names := map[identity.Kind]string{identity.Auditor: "auditor", identity.Operator: "operator", identity.Line: "first", identity.Service: "intake", "": "auditor"}
	of := kind
	if of == "" {
		of = identity.Auditor
	}
	config, err := client.ClientTLS(platform.Credentials(platform.IdentityFolder(w.data), string(of), names[kind]), "audit")
	if err != nil {
		w.t.Fatal(err)
	}
	if kind == "" {
		config.GetClientCertificate = nil
	}
	caller := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(w.ctx, method, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	response, err := caller.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}
