package intake_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// namedLines have a different name in each language: "Linje Sender" in nb.
var namedLines = sync.OnceValue(func() (lines []*handoverv1.Line) {
	for _, line := range apitest.FourLines() {
		line, id := proto.CloneOf(line), directory.ID(line)
		line.DisplayNames = map[string]string{"nb": "Linje " + id, "da": "Linjen " + id, "en": "The line " + id}
		line.Languages = []string{"nb", "da", "en"}
		lines = append(lines, line)
	}
	return lines
})

var calledIn = map[string]string{"nb": "Linje ", "da": "Linjen ", "en": "The line "}

// openIn opens a conversation with a child who speaks a language.
func openIn(d apitest.Desk, language string) string {
	d.T.Helper()
	opened := d.Recorded(d.Intake.OpenConversation(d.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: language, Child: "child",
	}))
	d.Join(opened.Name, "mina")
	return opened.Name
}

// tells checks the child's current text, with the receiver by its id.
func tells(d apitest.Desk, conversation, language, receiver string, key childtext.Key) {
	d.T.Helper()
	d.Settle()
	got := apitest.Must[*apitest.ChildStatus](d.T)(d.Intake.GetChildStatus(d.Ctx, &intakev1.GetChildStatusRequest{Name: conversation + "/childStatus"}))
	names := childtext.Names{Sender: calledIn[language] + "sender"}
	if receiver != "" {
		names.Receiver = calledIn[language] + receiver
	}
	if key == childtext.With && receiver != "" {
		names.Sender = names.Receiver
	}
	if key == childtext.ConsentAsked {
		names.Scopes = apitest.IntroAndLine
	}
	want, _ := childtext.Default().Say(key, language, names, 0)
	if got.Key != string(key) || got.Text != want || got.LanguageCode != language || got.Repetition != 0 {
		d.T.Errorf("the child is told %v, want %s: %s", got, key, want)
	}
}

// inEachLanguage runs a test on a platform with a child of each language.
func inEachLanguage(t *testing.T, test func(w *apitest.World, sender apitest.Desk, language, conversation string)) {
	for language := range calledIn {
		t.Run(language, func(t *testing.T) {
			w := apitest.NewWorldOf(t, namedLines())
			sender := w.Desk("sender")
			test(w, sender, language, openIn(sender, language))
		})
	}
}

// TestWhatAChildIsToldOnTheWay to a completed handover.
func TestWhatAChildIsToldOnTheWay(t *testing.T) {
	inEachLanguage(t, func(w *apitest.World, sender apitest.Desk, language, conversation string) {
		first := w.Desk("first")
		tells := func(receiver string, key childtext.Key) {
			w.T.Helper()
			tells(sender, conversation, language, receiver, key)
		}
		tells("", childtext.With)
		handover := sender.Propose(conversation, "first")
		tells("", childtext.With)
		apitest.AskConsent(sender, first, handover)
		tells("first", childtext.ConsentAsked)
		w.Advance(150 * time.Second)
		tells("first", childtext.ConsentReminder)
		apitest.GiveConsent(sender, first, handover)
		tells("", childtext.Routing)
		first.Accept(handover, "1")
		tells("first", childtext.Accepted)
		apitest.Join(sender, first, handover)
		sender.Recorded(sender.Routing.StartBriefing(w.Ctx, &routingv1.StartBriefingRequest{RequestId: uuid.NewString(), Handover: handover}))
		tells("first", childtext.Accepted)
		apitest.OpenBridge(sender, first, handover)
		tells("first", childtext.Bridged)
		apitest.Confirm(sender, first, handover)
		tells("first", childtext.Confirming)
		apitest.Agree(sender, first, handover)
		tells("first", childtext.Transferred)
		w.Leave(sender, handover)
		tells("first", childtext.With)
	})
}

// otherEnd is another way in which a handover to first can end, starting when first is asked.
type otherEnd struct {
	come     func(w *apitest.World, sender apitest.Desk, handover string)
	receiver string
	key      childtext.Key
}

var otherEnds = map[string]otherEnd{
	"withdrawn": {func(w *apitest.World, d apitest.Desk, handover string) {
		d.Recorded(d.Intake.WithdrawConsent(w.Ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	}, "", childtext.ReturnedWithdrawn},
	"declined": {func(w *apitest.World, _ apitest.Desk, handover string) { w.Desk("first").Decline(handover, "1") }, "", childtext.ReturnedNoLine},
	"not come": {func(w *apitest.World, _ apitest.Desk, handover string) {
		w.Desk("first").Accept(handover, "1")
		w.Settle()
		w.Advance(30 * time.Second)
	}, "first", childtext.ReturnedDropped},
	"cancelled": {func(_ *apitest.World, d apitest.Desk, handover string) { d.Cancel(handover) }, "", childtext.Cancelled},
	"signposted": {func(w *apitest.World, d apitest.Desk, handover string) {
		d.Recorded(d.Routing.SignpostHandover(w.Ctx, apitest.Signposting(handover)))
	}, "first", childtext.Signposted},
	"abandoned": {func(w *apitest.World, d apitest.Desk, handover string) {
		conversation, _, _ := strings.Cut(handover, "/handovers/")
		w.Desk("first").Accept(handover, "1")
		apitest.Join(d, w.Desk("first"), handover)
		d.Disconnect(conversation, "child")
		w.Settle()
		w.Advance(15 * time.Minute)
	}, "", childtext.With},
	"spent with the receiver there": {func(w *apitest.World, d apitest.Desk, handover string) {
		first := w.Desk("first")
		first.Accept(handover, "1")
		d.Bridge(first, handover)
		apitest.Confirm(d, first, handover)
		w.Advance(90 * time.Second)
	}, "first", childtext.ReturnedDropped},
	"alone": {func(_ *apitest.World, d apitest.Desk, handover string) {
		conversation, _, _ := strings.Cut(handover, "/handovers/")
		d.Disconnect(conversation, "mina")
	}, "", childtext.Unattended},
}

func childJoins(d apitest.Desk, conversation string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Intake.JoinConversation(d.Ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "child", Role: handoverv1.Role_ROLE_CHILD,
	}))
}

// TestWhatAChildIsToldAtOtherEnds.
func TestWhatAChildIsToldAtOtherEnds(t *testing.T) {
	inEachLanguage(t, func(w *apitest.World, sender apitest.Desk, language, _ string) {
		for name, end := range otherEnds {
			w.T.Log(name)
			conversation := openIn(sender, language)
			handover := sender.Propose(conversation, "first")
			sender.Consent(handover)
			end.come(w, sender, handover)
			tells(sender, conversation, language, end.receiver, end.key)
		}
	})
}

// TestWhatAChildIsToldThatSaidNo, and when its refusal was overridden.
func TestWhatAChildIsToldThatSaidNo(t *testing.T) {
	inEachLanguage(t, func(w *apitest.World, sender apitest.Desk, language, conversation string) {
		handover := sender.Propose(conversation, "first")
		sender.Recorded(sender.Intake.RefuseConsent(w.Ctx, &intakev1.RefuseConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
		tells(sender, conversation, language, "", childtext.ReturnedRefused)
		handover = sender.Propose(sender.InDanger(conversation), "first")
		sender.Recorded(sender.Intake.OverrideConsent(w.Ctx, sender.Override(handover)))
		tells(sender, conversation, language, "", childtext.Overridden)
	})
}

// TestWhatAChildIsToldThatSaysNothing, neither about a question nor about a draft.
func TestWhatAChildIsToldThatSaysNothing(t *testing.T) {
	inEachLanguage(t, func(w *apitest.World, sender apitest.Desk, language, conversation string) {
		sender.Cancel(sender.Propose(conversation, "first"))
		tells(sender, conversation, language, "", childtext.With)
		apitest.AskConsent(sender, w.Desk("first"), sender.Propose(conversation, "first"))
		w.Advance(150 * time.Second)
		w.Advance(150 * time.Second)
		tells(sender, conversation, language, "", childtext.ReturnedUnanswered)
	})
}

// TestWhatAChildIsToldOfATime that it chose: in the line's own time zone.
func TestWhatAChildIsToldOfATime(t *testing.T) {
	for language, want := range map[string]string{
		"nb": "Du kan snakke med Linje first tirsdag 24. november kl. 16.00. Fram til da er det Linje sender som er her for deg.",
		"da": "Du kan tale med Linjen first tirsdag den 24. november kl. 16.00. Indtil da er det Linjen sender, der er her for dig.",
		"en": "You can talk with The line first on Tuesday 24 November at 16:00. Until then, The line sender is here for you.",
	} {
		t.Run(language, func(t *testing.T) {
			w := apitest.NewWorldOf(t, namedLines())
			sender := w.Desk("sender")
			conversation := openIn(sender, language)
			handover := sender.Propose(conversation)
			sender.Recorded(sender.Routing.DeferHandover(w.Ctx, apitest.Deferral(handover, w.Clock.Now().Add(20*time.Hour))))
			w.Settle()
			got := apitest.Must[*apitest.ChildStatus](t)(sender.Intake.GetChildStatus(w.Ctx, &intakev1.GetChildStatusRequest{Name: conversation + "/childStatus"}))
			if got.Text != want {
				t.Errorf("the child is told %q, want %q", got.Text, want)
			}
		})
	}
}

// TestOnlyTheLegsHolderTellsTheChild.
func TestOnlyTheLegsHolderTellsTheChild(t *testing.T) {
	w := apitest.NewWorld(t)
	_, first, conversation, _ := w.Bridged()
	for line, reason := range map[string]string{"first": "LEG_NOT_YOURS", "third": "CONVERSATION_NOT_YOURS"} {
		_, err := w.Desk(line).Intake.GetChildStatus(w.Ctx, &intakev1.GetChildStatusRequest{Name: conversation + "/childStatus"})
		apitest.WantRefusal(t, err, codes.PermissionDenied, reason)
	}
	stream := first.WatchConversation(conversation, 0)
	w.Desk("sender").Transfer(first, conversation+"/handovers/1")
	apitest.Must[*apitest.Claimed](t)(first.Claim(first.Issue(first.ToPhone(conversation)).Digits))
	first.Took(first.Answer(conversation, "aksel"))
	for {
		response := apitest.Must[*intakev1.WatchConversationResponse](t)(stream.Recv())
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
