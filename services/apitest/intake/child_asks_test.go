package intake_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/childtext"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
)

// comes opens a conversation with a child of a language whom nobody has met.
func comes(d apitest.Desk, language string) string {
	d.T.Helper()
	return d.Recorded(d.Intake.OpenConversation(d.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: language, Child: "child",
	})).Name
}

func asks(d apitest.Desk, conversation string) *intakev1.ChildStatus {
	d.T.Helper()
	d.Settle()
	return apitest.Must[*intakev1.ChildStatus](d.T)(d.Intake.GetChildStatus(d.Ctx, &intakev1.GetChildStatusRequest{Name: conversation + "/childStatus"}))
}

// answers checks that the child learns who is responsible, who is here, and what happens next.
func answers(d apitest.Desk, conversation string, key childtext.Key, responsible string, here ...string) {
	d.T.Helper()
	got := asks(d, conversation)
	if got.Key != string(key) || got.ResponsibleLine != "lines/"+responsible || !slices.Equal(got.PresentLines, here) || got.Text == "" || got.Situation == "" {
		d.T.Errorf("the child is told %v, want %s, responsible %s, and here %v", got, key, responsible, here)
	}
}

// TestAChildCanAskAtEveryInstant from opening on, before a handover, within one, and after the sender left.
func TestAChildCanAskAtEveryInstant(t *testing.T) {
	w := apitest.NewWorldOf(t, namedLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation := comes(sender, "nb")
	answers(sender, conversation, childtext.Arrived, "sender")
	sender.Join(conversation, "mina")
	answers(sender, conversation, childtext.With, "sender", "lines/sender")
	handover := sender.Propose(conversation, "first")
	answers(sender, conversation, childtext.With, "sender", "lines/sender")
	apitest.AskConsent(sender, first, handover)
	answers(sender, conversation, childtext.ConsentAsked, "sender", "lines/sender")
	apitest.GiveConsent(sender, first, handover)
	first.Accept(handover, "1")
	first.Receive(handover)
	answers(sender, conversation, childtext.Accepted, "sender", "lines/sender") // the receiver is not with the child yet
	sender.OpenBridge(handover)
	answers(sender, conversation, childtext.Bridged, "sender", "lines/sender", "lines/first")
	sender.Transfer(first, handover)
	answers(sender, conversation, childtext.Transferred, "first", "lines/sender", "lines/first")
	w.Leave(sender, handover)
	answers(sender, conversation, childtext.With, "first", "lines/first")
	first.Disconnect(conversation, "aksel")
	answers(sender, conversation, childtext.Unattended, "first")
}

// TestTextsFallBackToTheLinesLanguage before they fall back to English.
func TestTextsFallBackToTheLinesLanguage(t *testing.T) {
	w := apitest.NewWorldOf(t, namedLines())
	sender := w.Desk("sender")
	for language, want := range map[string]string{"se": "nb", "ar": "nb", "nn": "nb", "da": "da", "en": "en"} {
		if got := asks(sender, comes(sender, language)); got.LanguageCode != want {
			t.Errorf("a child who talks %s is told %q in %s, want %s", language, got.Text, got.LanguageCode, want)
		}
	}
}

// TestAnAbsentChildIsNotTold where it is: that is told when it comes.
func TestAnAbsentChildIsNotTold(t *testing.T) {
	w := apitest.NewWorldOf(t, namedLines())
	sender := w.Desk("sender")
	conversation := comes(sender, "nb")
	sender.Disconnect(conversation, "child")
	stream := sender.WatchConversation(conversation, 0)
	sender.Join(conversation, "mina")
	childJoins(sender, conversation)
	stream.NextStatus(childtext.With, 0)
}
