package platform_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

type childStatus = intakev1.ChildStatus

// namedLines are called something else in each language: "Linje Sender" in nb.
var namedLines = sync.OnceValue(func() []*handoverv1.Line {
	var text strings.Builder
	text.WriteString("lines:\n")
	for _, id := range []string{"sender", "first", "second", "third"} {
		text.WriteString("  - {id: " + id + ", names: {nb: Linje " + id + ", da: Linjen " + id + ", en: The line " + id + "}, operator: test, country: \"NO\", " +
			"time_zone: Europe/Oslo, topics: [\"*\"], ages: 0-25, languages: [nb, da, en], anonymous: true, " +
			"hours: {chat: [\"every day 00:00-24:00\"]}}\n")
	}
	lines, err := directory.Parse("test", []byte(text.String()))
	if err != nil {
		panic(err)
	}
	return lines
})

var calledIn = map[string]string{"nb": "Linje ", "da": "Linjen ", "en": "The line "}

// openIn opens a conversation with a child who speaks a language.
func (d desk) openIn(language string) string {
	d.t.Helper()
	opened := d.done(d.Intake.OpenConversation(d.ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: chat, Language: language, Child: "child",
	}))
	d.join(opened.Name, "mina")
	return opened.Name
}

// tells checks what the child is to be told now, with the receiver by its id.
func (d desk) tells(conversation, language, receiver string, key childtext.Key) {
	d.t.Helper()
	d.settle()
	got := must[*childStatus](d.t)(d.Intake.GetChildStatus(d.ctx, &intakev1.GetChildStatusRequest{Conversation: conversation}))
	names := childtext.Names{Sender: calledIn[language] + "sender"}
	if receiver != "" {
		names.Receiver = calledIn[language] + receiver
	}
	if key == childtext.ConsentAsked {
		names.Scopes = introAndLine
	}
	want, _ := childtext.Default().Say(key, language, names, 0)
	if got.Key != string(key) || got.Text != want || got.Language != language || got.Repetition != 0 {
		d.t.Errorf("the child is told %v, want %s: %s", got, key, want)
	}
}

// inEachLanguage runs a test on a platform for a child of each.
func inEachLanguage(t *testing.T, test func(w *world, sender desk, language, conversation string)) {
	for language := range calledIn {
		t.Run(language, func(t *testing.T) {
			w := newWorldOf(t, namedLines())
			sender := w.desk("sender")
			test(w, sender, language, sender.openIn(language))
		})
	}
}

// TestWhatAChildIsToldOnTheWay to a handover that is done.
func TestWhatAChildIsToldOnTheWay(t *testing.T) {
	inEachLanguage(t, func(w *world, sender desk, language, conversation string) {
		first := w.desk("first")
		tells := func(receiver string, key childtext.Key) {
			w.t.Helper()
			sender.tells(conversation, language, receiver, key)
		}
		tells("", childtext.Proposed)
		handover := sender.propose(conversation, "first")
		tells("", childtext.Proposed)
		askConsent(sender, first, handover)
		tells("first", childtext.ConsentAsked)
		w.pass(150 * time.Second)
		tells("first", childtext.ConsentReminder)
		giveConsent(sender, first, handover)
		tells("", childtext.Routing)
		first.accept(handover, "1")
		tells("first", childtext.Accepted)
		join(sender, first, handover)
		sender.done(sender.Routing.StartBriefing(w.ctx, &routingv1.StartBriefingRequest{RequestId: uuid.NewString(), Handover: handover}))
		tells("first", childtext.Accepted)
		openBridge(sender, first, handover)
		tells("first", childtext.Bridged)
		confirm(sender, first, handover)
		tells("first", childtext.Confirming)
		agree(sender, first, handover)
		tells("first", childtext.Transferred)
		w.done(sender, handover)
		tells("first", childtext.AwaitingOutcome)
	})
}

// otherEnd is one that a handover to first can come to, from where first is asked.
type otherEnd struct {
	come     func(w *world, sender desk, handover string)
	receiver string
	key      childtext.Key
}

var otherEnds = map[string]otherEnd{
	"withdrawn": {func(w *world, d desk, handover string) {
		d.done(d.Intake.WithdrawConsent(w.ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	}, "", childtext.ReturnedWithdrawn},
	"declined": {func(w *world, _ desk, handover string) { w.desk("first").decline(handover, "1") }, "", childtext.ReturnedNoLine},
	"not come": {func(w *world, _ desk, handover string) {
		w.desk("first").accept(handover, "1")
		w.settle()
		w.pass(30 * time.Second)
	}, "first", childtext.ReturnedDropped},
	"cancelled": {func(_ *world, d desk, handover string) { d.cancel(handover) }, "", childtext.Cancelled},
	"signposted": {func(w *world, d desk, handover string) {
		d.done(d.Routing.SignpostHandover(w.ctx, signposting(handover)))
	}, "first", childtext.Signposted},
	"emergency": {func(w *world, d desk, handover string) {
		d.done(d.Routing.CallEmergency(w.ctx, calling(handover)))
	}, "", childtext.Emergency},
	"abandoned": {func(w *world, d desk, handover string) {
		conversation, _, _ := strings.Cut(handover, "/handovers/")
		w.desk("first").accept(handover, "1")
		join(d, w.desk("first"), handover)
		d.disconnect(conversation, "child")
		w.settle()
		w.pass(15 * time.Minute)
	}, "", childtext.Proposed},
	"spent with the receiver there": {func(w *world, d desk, handover string) {
		first := w.desk("first")
		first.accept(handover, "1")
		d.bridge(first, handover)
		confirm(d, first, handover)
		w.pass(90 * time.Second)
	}, "first", childtext.ReturnedDropped},
	"alone": {func(_ *world, d desk, handover string) {
		conversation, _, _ := strings.Cut(handover, "/handovers/")
		d.disconnect(conversation, "mina")
	}, "", childtext.Unattended},
}

func (d desk) childJoins(conversation string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Intake.JoinConversation(d.ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "child", Role: handoverv1.Role_ROLE_CHILD,
	}))
}

func calling(handover string) *routingv1.CallEmergencyRequest {
	return &routingv1.CallEmergencyRequest{
		RequestId: uuid.NewString(), Handover: handover, Participant: "mina", Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_MEDICAL,
	}
}

// TestWhatAChildIsToldAtOtherEnds.
func TestWhatAChildIsToldAtOtherEnds(t *testing.T) {
	inEachLanguage(t, func(w *world, sender desk, language, _ string) {
		for name, end := range otherEnds {
			w.t.Log(name)
			conversation := sender.openIn(language)
			handover := sender.propose(conversation, "first")
			sender.consent(handover)
			end.come(w, sender, handover)
			sender.tells(conversation, language, end.receiver, end.key)
		}
	})
}

// TestWhatAChildIsToldThatSaidNo, and where it was overridden.
func TestWhatAChildIsToldThatSaidNo(t *testing.T) {
	inEachLanguage(t, func(w *world, sender desk, language, conversation string) {
		handover := sender.propose(conversation, "first")
		sender.done(sender.Intake.RefuseConsent(w.ctx, &intakev1.RefuseConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
		sender.tells(conversation, language, "", childtext.ReturnedRefused)
		handover = sender.propose(conversation, "first")
		sender.done(sender.Intake.OverrideConsent(w.ctx, overriding(handover)))
		sender.tells(conversation, language, "", childtext.Overridden)
	})
}

func overriding(handover string) *intakev1.OverrideConsentRequest {
	return &intakev1.OverrideConsentRequest{
		RequestId: uuid.NewString(), Handover: handover, Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
		Participant: "mina", SecondPerson: "supervisor", Scopes: introAndLine,
	}
}

// TestWhatAChildIsToldThatSaysNothing, neither to a question nor of a draft.
func TestWhatAChildIsToldThatSaysNothing(t *testing.T) {
	inEachLanguage(t, func(w *world, sender desk, language, conversation string) {
		sender.cancel(sender.propose(conversation, "first"))
		sender.tells(conversation, language, "", childtext.Proposed)
		askConsent(sender, w.desk("first"), sender.propose(conversation, "first"))
		w.pass(150 * time.Second)
		w.pass(150 * time.Second)
		sender.tells(conversation, language, "", childtext.ReturnedUnanswered)
	})
}

// TestWhatAChildIsToldOfATime that it chose: in the hours of the line's own zone.
func TestWhatAChildIsToldOfATime(t *testing.T) {
	for language, want := range map[string]string{
		"nb": "Du kan snakke med Linje first tirsdag 24. november kl. 16.00. Fram til da er det Linje sender som er her for deg.",
		"da": "Du kan tale med Linjen first tirsdag den 24. november kl. 16.00. Indtil da er det Linjen sender, der er her for dig.",
		"en": "You can talk with The line first on Tuesday 24 November at 16:00. Until then, The line sender is here for you.",
	} {
		t.Run(language, func(t *testing.T) {
			w := newWorldOf(t, namedLines())
			sender := w.desk("sender")
			conversation := sender.openIn(language)
			handover := sender.propose(conversation)
			sender.done(sender.Routing.DeferHandover(w.ctx, deferring(handover, w.clock.Now().Add(20*time.Hour))))
			w.settle()
			got := must[*childStatus](t)(sender.Intake.GetChildStatus(w.ctx, &intakev1.GetChildStatusRequest{Conversation: conversation}))
			if got.Text != want {
				t.Errorf("the child is told %q, want %q", got.Text, want)
			}
		})
	}
}

func deferring(handover string, start time.Time) *routingv1.DeferHandoverRequest {
	return &routingv1.DeferHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS,
		Slot: &handoverv1.Slot{Line: "first", StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(time.Hour))},
	}
}

// TestOnlyTheLegsHolderTellsTheChild.
func TestOnlyTheLegsHolderTellsTheChild(t *testing.T) {
	w := newWorld(t)
	_, first, conversation, _ := w.bridged()
	for _, line := range []string{"first", "third"} {
		_, err := w.desk(line).Intake.GetChildStatus(w.ctx, &intakev1.GetChildStatusRequest{Conversation: conversation})
		refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	}
	stream := first.watch(conversation, 0)
	w.desk("sender").transfer(first, conversation+"/handovers/1")
	must[*claimed](t)(first.claim(first.issue(first.toPhone(conversation)).Digits))
	first.done(first.answer(conversation, "aksel"))
	for {
		response := must[*intakev1.WatchConversationResponse](t)(stream.Recv())
		for _, e := range response.Events {
			if e.GetLegMoved() != nil {
				if response.Status.GetKey() != string(childtext.LegMoved) {
					t.Errorf("once the leg has moved its new holder gets %v", response)
				}
				return
			}
		}
		if response.Status != nil {
			t.Errorf("the receiver gets %v", response)
		}
	}
}
