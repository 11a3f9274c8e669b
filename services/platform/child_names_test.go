package platform_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/event"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// says is the next thing that the child is to be told, which must be these words.
func (w watch) says(key childtext.Key, words string) {
	w.t.Helper()
	if status, _ := w.status(key, 0); status.Text != words {
		w.t.Errorf("the child is told\n%s\nwant\n%s", status.Text, words)
	}
}

// english opens a conversation with a child who talks English, and watches it as
// the line that holds its leg.
func english(t *testing.T) (sender, first desk, conversation string, stream watch) {
	t.Helper()
	w := newWorldOf(t, namedLines())
	sender, first = w.desk("sender"), w.desk("first")
	conversation = sender.openIn("en")
	return sender, first, conversation, sender.watch(conversation, 0)
}

// TestTheWordsOfAHandover are those of the lines that the child is with at each
// step: after the change of hands its line is the receiver, whoever holds its leg.
func TestTheWordsOfAHandover(t *testing.T) {
	sender, first, conversation, stream := english(t)
	handover := sender.propose(conversation, "first")
	askConsent(sender, first, handover)
	stream.says(childtext.ConsentAsked, "Maybe The line first can help you. If you say yes, they are told briefly what it is about, and this is shared: "+
		"that you come from us and the sentence we agreed on. Would you like that? It is fine to say no, or yes to only some of it.")
	giveConsent(sender, first, handover)
	stream.says(childtext.Routing, "I am finding the right person for you to talk with. I stay here with you.")
	first.accept(handover, "1")
	stream.says(childtext.Accepted, "Someone from The line first is coming. I am still here with you.")
	sender.bridge(first, handover)
	stream.says(childtext.Bridged, "Now all three are here: you, The line sender, who you have been talking with, and The line first, who can help you further.")
	sender.transfer(first, handover)
	sender.world.done(sender, handover)
	first.disconnect(conversation, "aksel")
	stream.saysAtLast(childtext.Unattended, "The connection to The line first broke. It is nothing you did. They have been told, and we are getting someone back to you.")
}

// saysAtLast is like says, after whatever else the child is to be told before.
func (w watch) saysAtLast(key childtext.Key, words string) {
	w.t.Helper()
	for {
		r := must[*intakev1.WatchConversationResponse](w.t)(w.Recv())
		if r.Status.GetKey() != string(key) {
			continue
		}
		if r.Status.Text != words {
			w.t.Errorf("the child is told\n%s\nwant\n%s", r.Status.Text, words)
		}
		return
	}
}

// TestTheWordsOfACall that moves the child's leg within its line, while another
// line might come in.
func TestTheWordsOfACall(t *testing.T) {
	sender, first, conversation, stream := english(t)
	askConsent(sender, first, sender.propose(conversation, "first"))
	must[*claimed](t)(sender.claim(sender.issue(sender.toPhone(conversation)).Link))
	stream.saysAtLast(childtext.LegPending, "It is ringing now. The chat here is still open, so you can write here too.")
	sender.done(sender.answer(conversation, "mina"))
	stream.saysAtLast(childtext.LegMoved, "You are now talking with The line sender here.")
}

// TestTheWordsAtTheEnds, one of each kind.
func TestTheWordsAtTheEnds(t *testing.T) {
	for end, words := range map[string]string{
		"declined":                      "We could not reach anyone else right now. It is not your fault. The line sender stays with you, and you decide together what happens next.",
		"withdrawn":                     "It is fine to change your mind. The line sender is still here, and you go on talking together.",
		"spent with the receiver there": "The line first could not stay after all. It has nothing to do with you. The line sender is here with you.",
		"signposted":                    "You can contact The line first yourself. Your code is the one you get from us, and it only works for a while. You can come back to The line sender if you want.",
		"emergency":                     "We are calling for help for you now. The line sender stays with you until help has reached you. Stay in this conversation if it is safe for you.",
	} {
		t.Run(end, func(t *testing.T) {
			sender, _, conversation, stream := english(t)
			handover := sender.propose(conversation, "first")
			sender.consent(handover)
			otherEnds[end].come(sender.world, sender, handover)
			stream.saysAtLast(otherEnds[end].key, words)
		})
	}
}

// TestTheWordsToAChildThatComesBack too late: when it does, and not before, when
// nobody reads them.
func TestTheWordsToAChildThatComesBack(t *testing.T) {
	sender, first, conversation, stream := english(t)
	askConsent(sender, first, sender.propose(conversation, "first"))
	stream.status(childtext.ConsentAsked, 0)
	sender.disconnect(conversation, "child")
	sender.settle()
	sender.pass(15 * time.Minute)
	sender.childJoins(conversation)
	r := stream.told()
	if r.Status.Text != "Good that you are here again. The line sender is still here for you. You decide where we begin." ||
		len(r.Events) != 1 || event.Names(r.Events)[0] != "ParticipantJoined" {
		t.Errorf("the child is told %v", r)
	}
	sender.pass(46 * time.Second)
	anew := sender.watch(conversation, 0)
	askConsent(sender, first, sender.propose(conversation, "first"))
	stream.status(childtext.ConsentAsked, 0)
	anew.status(childtext.ConsentAsked, 0) // that it is back is no news any more
}

// told is the next answer that has something for the child.
func (w watch) told() *intakev1.WatchConversationResponse {
	w.t.Helper()
	for {
		if r := must[*intakev1.WatchConversationResponse](w.t)(w.Recv()); r.Status != nil {
			return r
		}
	}
}
