package simulation

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Each of these breaks the protocol in one way, and names the rule that must find it.
var breaks = []struct {
	name, rule string
	given      string
	does       func(*world)
}{
	{"custody moves without confirmation", "I2", bridged, func(w *world) {
		w.inject(&eventv1.CustodyTransferred{Handover: 1, FromLine: "a", ToLine: w.party(), FromEpoch: 1, ToEpoch: 2, Deadline: w.soon()})
	}},
	{"custody skips an epoch", "I1", bridged, func(w *world) {
		w.inject(&eventv1.CustodyTransferred{Handover: 1, FromLine: "a", ToLine: w.party(), FromEpoch: 1, ToEpoch: 3, Deadline: w.soon()})
	}},
	{"a deadline is dropped", "I5", bridged, func(w *world) {
		h := handover.Of(w.newest.state.Conversation).Current()
		h.Deadline, h.BudgetDeadline = nil, nil
		w.again()
	}},
	{"nobody acts next", "I5", bridged, func(w *world) {
		handover.Of(w.newest.state.Conversation).Current().NextActor = 0
		w.again()
	}},
	{"an ended offer holds a seat", "I4", bridged, func(w *world) {
		handover.Of(w.newest.state.Conversation).Current().GetOffers()[0].Lease = true
		w.again()
	}},
	{"two lines are responsible", "I1", bridged, func(w *world) {
		w.newest.state.Conversation.Custody.Epoch++
		w.again()
	}},
	{"a replica remembers wrongly", "I12", bridged, func(w *world) {
		w.replicas[0].state.Conversation.MessageCount++
		w.same()
	}},
	{"a request is carried out twice", "I8", bridged, func(w *world) {
		w.heard(Move{Kind: "say", Request: 2}, answer{position: 99}, 1)
	}},
	{"a request is answered in another way", "I8", bridged, func(w *world) {
		a := w.answers[2]
		w.heard(Move{Kind: "say", Request: 2, Order: a.order}, answer{position: 99}, 0)
	}},
	{"another body under the same id is carried out", "I8", bridged, func(w *world) {
		w.heard(Move{Kind: "say", Request: 2}, w.answers[2].answer, 0)
	}},
	{"a packet is shown to a stranger", "I6", bridged, func(w *world) {
		c := w.newest.state.Conversation
		w.viewed("d", view.Handover(handover.Of(c).Current(), "d"))
	}},
	{"a handover is forgotten", "drain", bridged, func(w *world) {
		w.drained(w.newest.state.Conversation, false)
	}},
}

// bridged is a handover in the bridge.
const bridged = `world 5
say 0 1 OpenConversation line=a channel=CHAT language_code=da area=DK-84 child=child
say 0 2 JoinConversation line=a participant=a1 role=COUNSELLOR
say 0 3 ProposeHandover line=a
say 0 4 AskConsent line=a handover=1 scopes=INTRO,CODES
say 0 5 GiveConsent line=a handover=1 scopes=INTRO,CODES
tick 0
say 0 6 AcceptOffer line=PARTY handover=1 offer=1
say 0 7 JoinHandover line=PARTY handover=1 participant=p1
say 0 8 OpenBridge line=a handover=1 participant=a1
`

func TestWhatIsBrokenIsFound(t *testing.T) {
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			w := worldAfter(t, b.given)
			b.does(w)
			if !slices.ContainsFunc(w.found, func(v Violation) bool { return v.Rule == b.rule }) {
				t.Errorf("%s does not find it; found %v", b.rule, w.found)
			}
		})
	}
}

// worldAfter plays a trace that must be sound. The first line that is asked takes
// PARTY's part.
func worldAfter(t *testing.T, text string) *world {
	t.Helper()
	trace, err := ParseTrace(text)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(trace.World, &Coverage{})
	for _, m := range trace.Moves {
		if m.Order.Line == "PARTY" {
			m.Order.Line = w.party()
		}
		w.move(m)
	}
	if h := handover.Of(w.newest.state.Conversation).Current(); len(w.found) > 0 || h.State != handoverv1.HandoverState_HANDOVER_STATE_BRIDGED {
		t.Fatalf("it stands at %s, found %v", h.State, w.found)
	}
	return w
}

func (w *world) party() string {
	return handover.Of(w.newest.state.Conversation).Current().GetOffers()[0].Line
}

// inject appends what the protocol would not.
func (w *world) inject(what proto.Message) {
	decision := decide.Decision{Name: "conversations/x", Events: []*eventv1.Event{event.Of(what)}}
	e, err := w.log.append(toCommit(w.newest.state, call{name: "Broken", caller: "nobody"}, decision, w.now), w.log.head())
	if err != nil {
		panic(err)
	}
	w.apply(w.newest, e)
	w.appended(e)
	w.look(w.newest)
}

// again looks at the newest state although nothing was appended.
func (w *world) again() {
	w.looked = 0
	w.look(w.newest)
}

func TestAnOldStateIsAConflict(t *testing.T) {
	w := worldAfter(t, bridged)
	if _, err := w.log.append(&eventv1.Commit{}, w.log.head()-gap); err != errConflict {
		t.Errorf("a commit on an old head gives %v", err)
	}
	old := w.replicas[1]
	if old.state.HeadPosition != 0 {
		t.Fatal("the other replica has read the log already")
	}
	w.move(Move{Kind: "clock", By: time.Second})
	w.move(mustMove(t, "say 1 9 SendMessage line=a participant=a1 audience=ALL"))
	if old.state.HeadPosition != w.log.head() || len(w.found) > 0 {
		t.Errorf("the other replica stands at %d of %d, found %v", old.state.HeadPosition, w.log.head(), w.found)
	}
}

func mustMove(t *testing.T, text string) Move {
	t.Helper()
	m, err := ParseMove(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// soon is a deadline like any.
func (w *world) soon() *timestamppb.Timestamp { return timestamppb.New(w.now.Add(time.Minute)) }
