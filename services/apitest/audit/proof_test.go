package audit_test

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

func hashesOf(path [][]byte) (all []tlog.Hash) {
	for _, hash := range path {
		all = append(all, tlog.Hash(hash))
	}
	return all
}

func TestProofsByRPC(t *testing.T) {
	w := apitest.NewWorld(t)
	lines := w.LogEnd()
	_, before := w.Checkpoint(lines, apitest.HistoryLog)
	conversation := w.Desk("sender").OpenConversation()
	last := w.LogEnd()
	w.Checkpoint(last, apitest.HistoryLog)
	audit := w.Desk("first").Audit
	proof := apitest.Must[*auditv1.ProveInclusionResponse](t)(audit.ProveInclusion(w.Ctx, &auditv1.ProveInclusionRequest{Position: last}))
	c := apitest.Must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(proof.Checkpoint)))
	if err := tlog.CheckRecord(hashesOf(proof.Path), c.Size, c.Root, int64(last)-1, tlog.Hash(proof.Leaf)); err != nil {
		t.Errorf("position %d of %s: %v", last, conversation, err)
	}
	grown := apitest.Must[*auditv1.ProveConsistencyResponse](t)(audit.ProveConsistency(w.Ctx, &auditv1.ProveConsistencyRequest{OlderSize: uint64(before.Size)}))
	c = apitest.Must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(grown.Checkpoint)))
	if err := tlog.CheckTree(hashesOf(grown.Path), c.Size, c.Root, before.Size, before.Root); err != nil {
		t.Errorf("%d after %d: %v", c.Size, before.Size, err)
	}
}

// TestTheRecordOfReadingIsProved with a key and checkpoints of its own, and reading its
// entries is recorded in it.
func TestTheRecordOfReadingIsProved(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Accesses()
	first, before := w.Checkpoint(1, apitest.AccessLog)
	if of, _ := w.Checkpoint(w.LogEnd(), apitest.HistoryLog); of.LogKey == first.LogKey || before.Origin != "stafett.local/accesses" {
		t.Errorf("%s has the key %s, the history %s", before.Origin, first.LogKey, of.LogKey)
	}
	entries := verify.TilePath(verify.Tile(verify.Bundles, 0, int(before.Size)))
	if response := w.AskTiles(identity.Auditor, "GET", first.TilesUrl+"/"+entries, "COMPLAINT 2026/118-3"); response.StatusCode != 200 {
		t.Fatalf("its entries are answered with %d", response.StatusCode)
	}
	all := w.Accesses()
	told := apitest.Must[*auditv1.ProveInclusionResponse](t)
	read := all[slices.IndexFunc(all, func(access *apitest.Commit) bool { return access.Commit.Command == "ReadEntries" })]
	recorded := read.Commit.Events[0].GetAccessRecorded()
	want := &eventv1.Reading{Accesses: true, UntilPosition: uint64(before.Size), LogPosition: read.Position - 1}
	if recorded.Purpose.CaseReference != "2026/118-3" || !proto.Equal(recorded.Reading, want) {
		t.Errorf("reading it is recorded as %v", read.Commit)
	}
	w.Checkpoint(read.Position, apitest.AccessLog)
	proof := told(w.Auditor().Audit.ProveInclusion(w.Ctx, &auditv1.ProveInclusionRequest{Position: read.Position, Log: apitest.AccessLog}))
	c := apitest.Must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(proof.Checkpoint)))
	if err := tlog.CheckRecord(hashesOf(proof.Path), c.Size, c.Root, int64(read.Position)-1, tlog.Hash(proof.Leaf)); err != nil {
		t.Error(err)
	}
	grown := apitest.Must[*auditv1.ProveConsistencyResponse](t)(w.Auditor().Audit.ProveConsistency(w.Ctx, &auditv1.ProveConsistencyRequest{OlderSize: uint64(before.Size), Log: apitest.AccessLog}))
	c = apitest.Must[verify.Checkpoint](t)(verify.UnverifiedCheckpoint([]byte(grown.Checkpoint)))
	if err := tlog.CheckTree(hashesOf(grown.Path), c.Size, c.Root, before.Size, before.Root); err != nil {
		t.Error(err)
	}
}

// TestAPurposeForEntriesIsACode: anything else is refused, and nothing is served.
func TestAPurposeForEntriesIsACode(t *testing.T) {
	w := apitest.NewWorld(t)
	answer, c := w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
	entries := answer.TilesUrl + "/" + verify.TilePath(verify.Tile(verify.Bundles, 0, int(c.Size)))
	for _, purpose := range []string{"CURIOSITY", "UNSPECIFIED", "COMPLAINT the boy from Oslo", "complaint"} {
		if response := w.AskTiles(identity.Auditor, "GET", entries, purpose); response.StatusCode != 400 {
			t.Errorf("%q is answered with %d", purpose, response.StatusCode)
		}
	}
}

func TestProofsForWhatIsNotThereAreRefused(t *testing.T) {
	w := apitest.NewWorld(t)
	last := w.LogEnd()
	w.Checkpoint(last, apitest.HistoryLog)
	audit := w.Auditor().Audit
	_, inclusion := audit.ProveInclusion(w.Ctx, &auditv1.ProveInclusionRequest{Position: last + 1000})
	_, consistency := audit.ProveConsistency(w.Ctx, &auditv1.ProveConsistencyRequest{OlderSize: last + 1000})
	for _, err := range []error{inclusion, consistency} {
		apitest.WantRefusal(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
	}
	if _, err := audit.ProveInclusion(w.Ctx, &auditv1.ProveInclusionRequest{}); err == nil {
		t.Error("position 0 is proved")
	}
}

// TestWhoMayReadTiles: hashes for every peer, entries for auditors, nothing without a
// certificate, and GET only.
func TestWhoMayReadTiles(t *testing.T) {
	w := apitest.NewWorld(t)
	answer, c := w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
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
		response := w.AskTiles(want.kind, want.method, answer.TilesUrl+"/"+want.path)
		if response.StatusCode != want.status || want.content != "" && response.Header.Get("Content-Type") != want.content {
			t.Errorf("%s %s as %q: %d, %s", want.method, want.path, want.kind, response.StatusCode, response.Header.Get("Content-Type"))
		}
	}
}
