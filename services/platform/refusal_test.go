package platform_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// TestWhatIsRefusedLeavesNoTrace: the log ends where it ended before.
func TestWhatIsRefusedLeavesNoTrace(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, unknown := w.Desk("sender"), w.Desk("first"), w.Desk("unlisted")
	operator := w.Operator()
	conversation, handover := sender.Offered("first")
	nowhere := "conversations/" + strings.Repeat("0", 32)
	id := uuid.NewString
	open := func(d apitest.Desk, change func(*intakev1.OpenConversationRequest)) error {
		r := &intakev1.OpenConversationRequest{RequestId: id(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child"}
		change(r)
		_, err := d.Intake.OpenConversation(w.Ctx, r)
		return err
	}
	join := func(d apitest.Desk, conversation, who string) error {
		_, err := d.Intake.JoinConversation(w.Ctx, &intakev1.JoinConversationRequest{
			RequestId: id(), Conversation: conversation, Participant: who, Role: handoverv1.Role_ROLE_COUNSELLOR,
		})
		return err
	}
	tag := func(topic string) error {
		_, err := sender.Triage.TagConversation(w.Ctx, &triagev1.TagConversationRequest{RequestId: id(), Conversation: conversation, Add: []string{topic}})
		return err
	}
	propose := func(conversation string, candidates ...string) error {
		_, err := sender.Routing.ProposeHandover(w.Ctx, &routingv1.ProposeHandoverRequest{RequestId: id(), Conversation: conversation, Candidates: candidates})
		return err
	}
	accept := func(d apitest.Desk, offer string) error {
		_, err := d.Routing.AcceptOffer(w.Ctx, &routingv1.AcceptOfferRequest{RequestId: id(), Offer: offer})
		return err
	}
	say := func(d apitest.Desk) error {
		_, err := d.Intake.SendMessage(w.Ctx, &intakev1.SendMessageRequest{
			RequestId: id(), Conversation: conversation, Participant: "mina", Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob("hello"),
		})
		return err
	}
	find := func(need *handoverv1.PacketHeader) error {
		_, err := sender.Directory.FindLines(w.Ctx, &routingv1.FindLinesRequest{Need: need})
		return err
	}
	page := func(d apitest.Desk, token string) error {
		_, err := d.Triage.ListWorkItems(w.Ctx, &triagev1.ListWorkItemsRequest{PageToken: token})
		return err
	}
	cases := []struct {
		name   string
		err    error
		code   codes.Code
		reason string
	}{
		{"a line that is not in the directory", open(unknown, func(*intakev1.OpenConversationRequest) {}), codes.NotFound, "LINE_NOT_FOUND"},
		{"an operator", open(operator, func(*intakev1.OpenConversationRequest) {}), codes.PermissionDenied, "PEER_NOT_ALLOWED"},
		{"no request id", open(sender, func(r *intakev1.OpenConversationRequest) { r.RequestId = "" }), codes.InvalidArgument, "FIELD_INVALID"},
		{"an empty request id", open(sender, func(r *intakev1.OpenConversationRequest) { r.RequestId = uuid.Nil.String() }), codes.InvalidArgument, "FIELD_INVALID"},
		{"no language", open(sender, func(r *intakev1.OpenConversationRequest) { r.LanguageCode = "" }), codes.InvalidArgument, "FIELD_INVALID"},
		{"ages the wrong way", open(sender, func(r *intakev1.OpenConversationRequest) {
			r.AgeBand = &handoverv1.AgeBand{MinYears: 15, MaxYears: 13}
		}), codes.InvalidArgument, "FIELD_INVALID"},
		{"no such conversation", join(sender, nowhere, "mina"), codes.NotFound, "CONVERSATION_NOT_FOUND"},
		{"another line's conversation", join(first, conversation, "aksel"), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
		{"there already", join(sender, conversation, "mina"), codes.FailedPrecondition, "PARTICIPANT_PRESENT"},
		{"a person's name", join(sender, conversation, "Mina Hansen"), codes.InvalidArgument, "FIELD_INVALID"},
		{"an unknown topic", tag("V.nonsense"), codes.InvalidArgument, "TOPIC_UNKNOWN"},
		{"no topic", tag("violence!"), codes.InvalidArgument, "FIELD_INVALID"},
		{"a candidate that is not a line", propose(conversation, "lines/unlisted"), codes.NotFound, "LINE_NOT_FOUND"},
		{"a candidate named twice", propose(conversation, "first", "lines/first"), codes.InvalidArgument, "FIELD_INVALID"},
		{"a need of nobody's", find(&handoverv1.PacketHeader{AgeBand: &handoverv1.AgeBand{MinYears: 50, MaxYears: 10}}), codes.InvalidArgument, "FIELD_INVALID"},
		{"a need of nothing known", find(&handoverv1.PacketHeader{TopicGroups: []string{"QQ"}}), codes.InvalidArgument, "TOPIC_UNKNOWN"},
		{"another list's page", page(w.Desk("sender"), "bGluZXMAbGluZXMvYQ"), codes.InvalidArgument, "PAGE_TOKEN_INVALID"},
		{"no page token at all", page(w.Desk("sender"), "garbage"), codes.InvalidArgument, "PAGE_TOKEN_INVALID"},
		{"a replay that ends before it begins", ends(w), codes.InvalidArgument, "FIELD_INVALID"},
		{"a second handover", propose(conversation), codes.FailedPrecondition, "HANDOVER_UNFINISHED"},
		{"an offer to another line", accept(w.Desk("third"), handover+"/offers/1"), codes.NotFound, "OFFER_NOT_FOUND"},
		{"no such offer", accept(first, handover+"/offers/7"), codes.NotFound, "OFFER_NOT_FOUND"},
		{"no such handover", accept(first, conversation+"/handovers/7/offers/1"), codes.NotFound, "OFFER_NOT_FOUND"},
		{"offer 0", accept(first, handover+"/offers/0"), codes.InvalidArgument, "FIELD_INVALID"},
		{"an offer of nothing", accept(first, nowhere+"/handovers/1/offers/1"), codes.NotFound, "CONVERSATION_NOT_FOUND"},
		{"words before the bridge", say(sender), codes.FailedPrecondition, "NOT_RELAYED"},
		{"another line's words", say(first), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { apitest.WantRefusal(t, c.err, c.code, c.reason) })
	}
	// Four lines and what their desks say, six commands of the sender's with two parts, and
	// two of routing's: the seat and the offer.
	if last := w.LogEnd(); last != 4+4+2+1+2+2+2 {
		t.Errorf("the log ends at %d, want 17", last)
	}
}

// TestALineThatIsNotInTheDirectory sees nothing and says nothing.
func TestALineThatIsNotInTheDirectory(t *testing.T) {
	w := apitest.NewWorld(t)
	unknown := w.Desk("unlisted")
	conversation := w.Desk("sender").OpenConversation()
	_, err := unknown.Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: conversation})
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	_, err = unknown.WatchConversation(conversation, 0).Recv()
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	_, err = unknown.Directory.GetLine(w.Ctx, &routingv1.GetLineRequest{Name: "lines/unlisted"})
	apitest.WantRefusal(t, err, codes.NotFound, "LINE_NOT_FOUND")
	if got := unknown.Worklist(0).All(t, 0); len(got) != 0 {
		t.Errorf("its worklist is %v", got)
	}
}

// ends asks for a replay that ends before it begins.
func ends(w *apitest.World) error {
	stream, err := w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{AfterPosition: 6, UntilPosition: 2, Purpose: apitest.Purpose})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}
