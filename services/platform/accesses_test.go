package platform_test

import (
	"bytes"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

var incident = &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_INCIDENT, CaseReference: "2026/118-3"}

// accesses reads the whole record of reading, page by page.
func (w *world) accesses() (all []*stored) {
	w.t.Helper()
	for token := ""; ; {
		page := must[*auditv1.ListAccessesResponse](w.t)(w.peer(identity.Auditor, "controller").Audit.ListAccesses(w.ctx,
			&auditv1.ListAccessesRequest{PageSize: 2, PageToken: token, Purpose: exercise}))
		all = append(all, page.Accesses...)
		if token = page.NextPageToken; token == "" {
			return all
		}
	}
}

// TestReadingIsRecorded: who read what, when and for which purpose, in a chain.
func TestReadingIsRecorded(t *testing.T) {
	w := newWorld(t)
	conversation := w.desk("sender").open()
	log := w.last()
	w.pass(time.Minute)
	audit := w.peer(identity.Auditor, "inspector").Audit
	must[*auditv1.GetStateResponse](t)(audit.GetState(w.ctx, &auditv1.GetStateRequest{
		Name: "lines/first", At: &auditv1.GetStateRequest_Position{Position: 4}, Purpose: incident,
	}))
	asked := &auditv1.ReplayCommitsRequest{Conversation: conversation, AfterPosition: 5, EventTypes: []string{"ParticipantJoined"}, Purpose: incident}
	receiveAll(t, must[auditReplay](t)(audit.ReplayCommits(w.ctx, asked)))
	var mine []*stored
	var before []byte
	for i, access := range w.accesses() {
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
			!mine[i].Commit.RecordTime.AsTime().Equal(w.clock.Now()) {
			t.Errorf("%s was recorded as %v", command, mine[i].Commit)
		}
	}
}

// TestReadingTheRecordIsRecorded: nobody looks at it unseen either.
func TestReadingTheRecordIsRecorded(t *testing.T) {
	w := newWorld(t)
	first := w.accesses()
	if again := w.accesses(); len(again) <= len(first) || again[len(first)-1].Commit.Command != "ListAccesses" {
		t.Errorf("first %d accesses, then %d: %v", len(first), len(again), again)
	}
}

// TestTheRecordEndsWhereItsFirstPageEnds: else each page, which is recorded too,
// would make the list longer.
func TestTheRecordEndsWhereItsFirstPageEnds(t *testing.T) {
	w := newWorld(t)
	request, pages := &auditv1.ListAccessesRequest{PageSize: 1, Purpose: exercise}, 0
	for pages == 0 || request.PageToken != "" {
		if pages++; pages > 20 {
			t.Fatal("the list has no end")
		}
		request.PageToken = must[*auditv1.ListAccessesResponse](t)(w.auditor().Audit.ListAccesses(w.ctx, request)).NextPageToken
	}
}

// TestNothingIsToldUnrecorded: before the first append arrives, the record has
// the question.
func TestNothingIsToldUnrecorded(t *testing.T) {
	w := newWorld(t)
	log, err := w.OpenAccess(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(3) {
		before := must[uint64](t)(log.Last(w.ctx))
		stream := must[auditReplay](t)(w.auditor().Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Purpose: exercise, AfterPosition: n, Follow: true}))
		must[*auditv1.ReplayCommitsResponse](t)(stream.Recv())
		if after := must[uint64](t)(log.Last(w.ctx)); after != before+1 {
			t.Errorf("the record went from %d to %d", before, after)
		}
	}
	refused(t, w.replayError(&auditv1.ReplayCommitsRequest{AfterPosition: 99}), codes.OutOfRange, "POSITION_IN_FUTURE")
}

func TestAPurposeIsACode(t *testing.T) {
	w := newWorld(t)
	conversation := w.desk("sender").open()
	audit := w.auditor().Audit
	for name, purpose := range map[string]*eventv1.Purpose{
		"none":          nil,
		"no code":       {CaseReference: "2026/118"},
		"unknown code":  {Code: 99},
		"words":         {Code: 1, CaseReference: "the boy from Oslo"},
		"a small word":  {Code: 1, CaseReference: "oskar"},
		"a long number": {Code: 1, CaseReference: string(bytes.Repeat([]byte("1"), 33))},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := audit.GetState(w.ctx, &auditv1.GetStateRequest{Name: conversation, Purpose: purpose})
			refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, err = audit.ListAccesses(w.ctx, &auditv1.ListAccessesRequest{Purpose: purpose})
			refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, err = must[auditReplay](t)(audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Purpose: purpose})).Recv()
			refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
		})
	}
	commands := map[string]bool{}
	for _, access := range w.accesses() {
		commands[access.Commit.Command] = true
	}
	if commands["GetState"] || !commands["ListAccesses"] {
		t.Errorf("recorded were %v", commands)
	}
}

func TestAPageTokenOfAnotherListIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, token := range []string{"x", "YWNjZXNzZXMAeA", "YWNjZXNzZXMAMy0y", "YWNjZXNzZXMAMS0yeA"} { // accesses: x, 3-2, 1-2x
		_, err := w.auditor().Audit.ListAccesses(w.ctx, &auditv1.ListAccessesRequest{Purpose: exercise, PageToken: token})
		refused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
	}
}
