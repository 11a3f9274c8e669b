package intake_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/event"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
)

// says checks the next text for the child.
func says(w apitest.ConversationWatch, key childtext.Key, words string) {
	w.T.Helper()
	if status, _ := w.NextStatus(key, 0); status.Text != words {
		w.T.Errorf("the child is told\n%s\nwant\n%s", status.Text, words)
	}
}

// english opens a conversation with an English-speaking child, and watches it as the line that
// holds its leg.
func english(t *testing.T) (sender, first apitest.Desk, conversation string, stream apitest.ConversationWatch) {
	t.Helper()
	w := apitest.NewWorldOf(t, namedLines())
	sender, first = w.Desk("sender"), w.Desk("first")
	conversation = openIn(sender, "en")
	stream = sender.WatchConversation(conversation, 0)
	stream.NextStatus(childtext.With, 0)
	return sender, first, conversation, stream
}

// TestTheWordsOfAHandover are those of the lines that the child is with at each
// step: after the change of hands its line is the receiver, whoever holds its leg.
func TestTheWordsOfAHandover(t *testing.T) {
	sender, first, conversation, stream := english(t)
	handover := sender.Propose(conversation, "first")
	apitest.AskConsent(sender, first, handover)
	says(stream, childtext.ConsentAsked, "Maybe The line first can help you. If you say yes, they are told briefly what it is about, and this is shared: "+
		"that you come from us and the sentence we agreed on. Would you like that? It is fine to say no, or yes to only some of it.")
	apitest.GiveConsent(sender, first, handover)
	says(stream, childtext.Routing, "I am finding the right person for you to talk with. I stay here with you.")
	first.Accept(handover, "1")
	says(stream, childtext.Accepted, "Someone from The line first is coming. I am still here with you.")
	sender.Bridge(first, handover)
	says(stream, childtext.Bridged, "Now all three are here: you, The line sender, who you have been talking with, and The line first, who can help you further.")
	sender.Transfer(first, handover)
	sender.World.Leave(sender, handover)
	first.Disconnect(conversation, "aksel")
	saysAtLast(stream, childtext.Unattended, "The connection to The line first broke. It is nothing you did. They have been told, and we are getting someone back to you.")
}

// saysAtLast is like says, but skips other texts before it.
func saysAtLast(w apitest.ConversationWatch, key childtext.Key, words string) {
	w.T.Helper()
	for {
		r := apitest.Must[*intakev1.WatchConversationResponse](w.T)(w.Recv())
		if r.Status.GetKey() != string(key) {
			continue
		}
		if r.Status.Text != words {
			w.T.Errorf("the child is told\n%s\nwant\n%s", r.Status.Text, words)
		}
		return
	}
}

// TestTheWordsOfACall that moves the child's leg within its line, while another
// line might come in.
func TestTheWordsOfACall(t *testing.T) {
	sender, first, conversation, stream := english(t)
	apitest.AskConsent(sender, first, sender.Propose(conversation, "first"))
	apitest.Must[*apitest.Claimed](t)(sender.Claim(sender.Issue(sender.ToPhone(conversation)).Link))
	saysAtLast(stream, childtext.LegPending, "It is ringing now. The chat here is still open, so you can write here too.")
	sender.Took(sender.Answer(conversation, "mina"))
	saysAtLast(stream, childtext.LegMoved, "You are now talking with The line sender here.")
}

// TestTheWordsAtTheEnds, one of each kind.
func TestTheWordsAtTheEnds(t *testing.T) {
	for end, words := range map[string]string{
		"declined":                      "We could not reach anyone else right now. It is not your fault. The line sender stays with you, and you decide together what happens next.",
		"withdrawn":                     "It is fine to change your mind. The line sender is still here, and you go on talking together.",
		"spent with the receiver there": "The line first could not stay after all. It has nothing to do with you. The line sender is here with you.",
		"signposted":                    "You can contact The line first yourself. Your code is the one you get from us, and it only works for a while. You can come back to The line sender if you want.",
	} {
		t.Run(end, func(t *testing.T) {
			sender, _, conversation, stream := english(t)
			handover := sender.Propose(conversation, "first")
			sender.Consent(handover)
			otherEnds[end].come(sender.World, sender, handover)
			saysAtLast(stream, otherEnds[end].key, words)
		})
	}
}

// TestTheWordsToAChildThatComesBack too late: they are sent when it does, not before, when it
// cannot read them.
func TestTheWordsToAChildThatComesBack(t *testing.T) {
	sender, first, conversation, stream := english(t)
	apitest.AskConsent(sender, first, sender.Propose(conversation, "first"))
	stream.NextStatus(childtext.ConsentAsked, 0)
	sender.Disconnect(conversation, "child")
	sender.Settle()
	sender.Advance(15 * time.Minute)
	childJoins(sender, conversation)
	r := stream.NextForChild()
	if r.Status.Text != "Good that you are here again. The line sender is still here for you. You decide where we begin." ||
		len(r.Events) != 1 || event.Names(r.Events)[0] != "ParticipantJoined" {
		t.Errorf("the child is told %v", r)
	}
	stream.NextStatus(childtext.With, 0)
	sender.Advance(46 * time.Second)
	sender.WatchConversation(conversation, 0).NextStatus(childtext.With, 0) // the child's return has already been announced
	apitest.AskConsent(sender, first, sender.Propose(conversation, "first"))
	stream.NextStatus(childtext.ConsentAsked, 0)
}
