package platform_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/platform"
)

const (
	history  = auditv1.Log_LOG_HISTORY
	accesses = auditv1.Log_LOG_ACCESSES
)

// checkpointOf waits for a log's checkpoint that covers a position.
func (w *world) checkpointOf(position uint64, which auditv1.Log) (*auditv1.GetCheckpointResponse, verify.Checkpoint) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	for {
		answer, err := w.auditor().Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{Log: which})
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
	_, before := w.checkpointOf(lines, history)
	conversation := w.desk("sender").open()
	last := w.last()
	w.checkpointOf(last, history)
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

// TestTheRecordOfReadingIsProved with a key and checkpoints of its own, and who
// reads its entries is in it.
func TestTheRecordOfReadingIsProved(t *testing.T) {
	w := newWorld(t)
	w.accesses()
	first, before := w.checkpointOf(1, accesses)
	if of, _ := w.checkpointOf(w.last(), history); of.LogKey == first.LogKey || before.Origin != "stafett.local/accesses" {
		t.Errorf("%s has the key %s, the history %s", before.Origin, first.LogKey, of.LogKey)
	}
	entries := verify.TilePath(verify.Tile(verify.Bundles, 0, int(before.Size)))
	if response := w.ask(identity.Auditor, "GET", first.TilesUrl+"/"+entries, "COMPLAINT 2026/118-3"); response.StatusCode != 200 {
		t.Fatalf("its entries are answered with %d", response.StatusCode)
	}
	all := w.accesses()
	told := must[*auditv1.ProveInclusionResponse](t)
	read := all[slices.IndexFunc(all, func(access *stored) bool { return access.Commit.Command == "ReadEntries" })]
	recorded := read.Commit.Events[0].GetAccessRecorded()
	want := &eventv1.Reading{Accesses: true, UntilPosition: uint64(before.Size), LogPosition: read.Position - 1}
	if recorded.Purpose.CaseReference != "2026/118-3" || !proto.Equal(recorded.Reading, want) {
		t.Errorf("reading it is recorded as %v", read.Commit)
	}
	w.checkpointOf(read.Position, accesses)
	proof := told(w.auditor().Audit.ProveInclusion(w.ctx, &auditv1.ProveInclusionRequest{Position: read.Position, Log: accesses}))
	c := must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(proof.Checkpoint)))
	if err := tlog.CheckRecord(hashesOf(proof.Path), c.Size, c.Root, int64(read.Position)-1, tlog.Hash(proof.Leaf)); err != nil {
		t.Error(err)
	}
	grown := must[*auditv1.ProveConsistencyResponse](t)(w.auditor().Audit.ProveConsistency(w.ctx, &auditv1.ProveConsistencyRequest{OlderSize: uint64(before.Size), Log: accesses}))
	c = must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(grown.Checkpoint)))
	if err := tlog.CheckTree(hashesOf(grown.Path), c.Size, c.Root, before.Size, before.Root); err != nil {
		t.Error(err)
	}
}

// TestAPurposeForEntriesIsACode: anything else is refused, and nothing is told.
func TestAPurposeForEntriesIsACode(t *testing.T) {
	w := newWorld(t)
	answer, c := w.checkpointOf(w.last(), history)
	entries := answer.TilesUrl + "/" + verify.TilePath(verify.Tile(verify.Bundles, 0, int(c.Size)))
	for _, purpose := range []string{"CURIOSITY", "UNSPECIFIED", "COMPLAINT the boy from Oslo", "complaint"} {
		if response := w.ask(identity.Auditor, "GET", entries, purpose); response.StatusCode != 400 {
			t.Errorf("%q is answered with %d", purpose, response.StatusCode)
		}
	}
}

func TestProofsForWhatIsNotThereAreRefused(t *testing.T) {
	w := newWorld(t)
	last := w.last()
	w.checkpointOf(last, history)
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
	answer, c := w.checkpointOf(w.last(), history)
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

// ask asks the server of tiles as a peer of a kind, or without a certificate, and
// states a purpose if one is given.
func (w *world) ask(kind identity.Kind, method, url string, purpose ...string) *http.Response {
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
	for _, stated := range purpose {
		request.Header.Add(files.PurposeHeader, stated)
	}
	response, err := caller.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}
