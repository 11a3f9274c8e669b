package audit_test

import (
	"bytes"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

var incident = &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_INCIDENT, CaseReference: "2026/118-3"}

// TestReadingIsRecorded: who read what, when and for which purpose, as a hash chain.
func TestReadingIsRecorded(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
	log := w.LogEnd()
	w.Advance(time.Minute)
	audit := w.Peer(identity.Auditor, "inspector").Audit
	apitest.Must[*auditv1.GetStateResponse](t)(audit.GetState(w.Ctx, &auditv1.GetStateRequest{
		Name: "lines/first", At: &auditv1.GetStateRequest_Position{Position: 4}, Purpose: incident,
	}))
	asked := &auditv1.ReplayCommitsRequest{Conversation: conversation, AfterPosition: 5, EventTypes: []string{"ParticipantJoined"}, Purpose: incident}
	apitest.ReceiveAll(t, apitest.Must[apitest.AuditReplay](t)(audit.ReplayCommits(w.Ctx, asked)))
	var mine []*apitest.Commit
	var before []byte
	for i, access := range w.Accesses() {
		if !bytes.Equal(access.Commit.PreviousHash, before) || int(access.Commit.Number) != i+1 || access.Commit.Service != "audit" {
			t.Errorf("access %d does not follow: %v", i+1, access.Commit)
		}
		before = access.PayloadHash
		if access.Commit.Caller == "spiffe://stafett.local/auditor/inspector" {
			mine = append(mine, access)
		}
	}
	want := map[string]*eventv1.Reading{
		"GetState":      {Line: "lines/first", UntilPosition: 4, LogPosition: log},
		"ReplayCommits": {Conversation: conversation, AfterPosition: 5, EventTypes: []string{"ParticipantJoined"}, LogPosition: log},
	}
	for i, command := range []string{"GetState", "ReplayCommits"} {
		recorded := event.What(mine[i].Commit.Events[0]).(*eventv1.AccessRecorded)
		if mine[i].Commit.Command != command || !proto.Equal(recorded.Reading, want[command]) || !proto.Equal(recorded.Purpose, incident) ||
			!mine[i].Commit.RecordTime.AsTime().Equal(w.Clock.Now()) {
			t.Errorf("%s was recorded as %v", command, mine[i].Commit)
		}
	}
}

// TestReadingTheRecordIsRecorded: the record cannot be read unseen either.
func TestReadingTheRecordIsRecorded(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Accesses()
	if again := w.Accesses(); len(again) <= len(first) || again[len(first)-1].Commit.Command != "ListAccesses" {
		t.Errorf("first %d accesses, then %d: %v", len(first), len(again), again)
	}
}

// TestTheRecordEndsWhereItsFirstPageEnds: otherwise each page, which is recorded too, would
// extend the list.
func TestTheRecordEndsWhereItsFirstPageEnds(t *testing.T) {
	w := apitest.NewWorld(t)
	request, pages := &auditv1.ListAccessesRequest{PageSize: 1, Purpose: apitest.Purpose}, 0
	for pages == 0 || request.PageToken != "" {
		if pages++; pages > 20 {
			t.Fatal("the list has no end")
		}
		request.PageToken = apitest.Must[*auditv1.ListAccessesResponse](t)(w.Auditor().Audit.ListAccesses(w.Ctx, request)).NextPageToken
	}
}

// TestNothingIsToldUnrecorded: the request is in the record before the first commit is sent.
func TestNothingIsToldUnrecorded(t *testing.T) {
	w := apitest.NewWorld(t)
	log, err := w.OpenAccess(w.Ctx)
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(3) {
		before := apitest.Must[uint64](t)(log.Last(w.Ctx))
		stream := apitest.Must[apitest.AuditReplay](t)(w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Purpose: apitest.Purpose, AfterPosition: n, Follow: true}))
		apitest.Must[*auditv1.ReplayCommitsResponse](t)(stream.Recv())
		if after := apitest.Must[uint64](t)(log.Last(w.Ctx)); after != before+1 {
			t.Errorf("the record went from %d to %d", before, after)
		}
	}
	apitest.WantRefusal(t, w.ReplayError(&auditv1.ReplayCommitsRequest{AfterPosition: 99}), codes.OutOfRange, "POSITION_IN_FUTURE")
}

func TestAPurposeIsACode(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
	audit := w.Auditor().Audit
	for name, purpose := range map[string]*eventv1.Purpose{
		"none":          nil,
		"no code":       {CaseReference: "2026/118"},
		"unknown code":  {Code: 99},
		"words":         {Code: 1, CaseReference: "the boy from Oslo"},
		"a small word":  {Code: 1, CaseReference: "oskar"},
		"a long number": {Code: 1, CaseReference: string(bytes.Repeat([]byte("1"), 33))},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := audit.GetState(w.Ctx, &auditv1.GetStateRequest{Name: conversation, Purpose: purpose})
			apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, err = audit.ListAccesses(w.Ctx, &auditv1.ListAccessesRequest{Purpose: purpose})
			apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, err = apitest.Must[apitest.AuditReplay](t)(audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Purpose: purpose})).Recv()
			apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
		})
	}
	commands := map[string]bool{}
	for _, access := range w.Accesses() {
		commands[access.Commit.Command] = true
	}
	if commands["GetState"] || !commands["ListAccesses"] {
		t.Errorf("recorded were %v", commands)
	}
}

func TestAPageTokenOfAnotherListIsRefused(t *testing.T) {
	w := apitest.NewWorld(t)
	for _, token := range []string{"x", "YWNjZXNzZXMAeA", "YWNjZXNzZXMAMy0y", "YWNjZXNzZXMAMS0yeA"} { // accesses: x, 3-2, 1-2x
		_, err := w.Auditor().Audit.ListAccesses(w.Ctx, &auditv1.ListAccessesRequest{Purpose: apitest.Purpose, PageToken: token})
		apitest.WantRefusal(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
	}
}
