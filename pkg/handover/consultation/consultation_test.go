package consultation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/consultation"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var advice = story.Advised

// open is a conversation that is being consulted about; accepted one in which somebody advises.
func open(t *testing.T) *story.Story     { return story.Opened(t).Given(advice.Ask()) }
func accepted(t *testing.T) *story.Story { return open(t).Given(advice.Seen(), advice.Accept()) }

func TestAdviceIsGiven(t *testing.T) {
	s := open(t).Consulted("SENT", "UNSPECIFIED").Given(advice.Delivered()).Consulted("DELIVERED", "UNSPECIFIED")
	s.Given(advice.Seen()).Consulted("ALERTING", "UNSPECIFIED")
	s.Given(advice.Accept(), advice.Brief(), story.By(advice.To, advice.Brief())).Consulted("ACCEPTED", "UNSPECIFIED")
	s.When(advice.Answer(story.AdviceGiven)).Gives("ConsultationAnswered")
	s.Consulted("ACCEPTED", "ANSWERED").Party(advice.To, false, false)
	if line := s.State.Conversation.Custody.Line; line != advice.From || len(s.State.Conversation.Handovers) > 0 {
		t.Errorf("custody is at %s, want it where it was", line)
	}
}

func TestAHandoverFollowsWithoutASearch(t *testing.T) {
	s := accepted(t).Given(advice.Answer(story.HandoverAdvised))
	s.When(command.ProposeHandover{Line: advice.From, Consultation: advice.Name()}).Gives("HandoverProposed")
	h := handover.Of(s.State.Conversation).Current()
	if len(h.Candidates) != 1 || h.Candidates[0] != advice.To || view.Followed(h) != advice.Name() {
		t.Errorf("the handover asks %v and follows %q, want the line that advised", h.Candidates, view.Followed(h))
	}
	s.Given(story.First.Ask()).When(advice.Ask()).Refused("HANDOVER_UNFINISHED")
}

func TestAHandoverFollowsOnlyAnAnswer(t *testing.T) {
	follow := command.ProposeHandover{Line: advice.From, Consultation: advice.Name()}
	story.Opened(t).When(follow).Refused("CONSULTATION_NOT_FOUND")
	open(t).Given(advice.Decline()).When(follow).Refused("CONSULTATION_STATE")
	both := follow
	both.Candidates = []string{story.Mind}
	accepted(t).Given(advice.Answer(story.AdviceGiven)).When(both).Refused("FIELD_INVALID")
}

func TestAProposedHandoverEndsTheConsultation(t *testing.T) {
	accepted(t).When(story.First.Propose()).Gives("ConsultationWithdrawn", "HandoverProposed")
	accepted(t).Given(story.First.Propose()).Consulted("WITHDRAWN", "WITHDRAWN").When(advice.Answer(story.AdviceGiven)).Refused("TOO_LATE")
}

func TestItEndsInTime(t *testing.T) {
	open(t).Passes(5*time.Second).Consulted("UNREACHABLE", "EXPIRED")
	open(t).Given(advice.Delivered()).Passes(44*time.Second).Consulted("DELIVERED", "UNSPECIFIED").Passes(time.Second).Consulted("TIMED_OUT", "EXPIRED")
	s := accepted(t).Passes(10*time.Minute-time.Second).Consulted("ACCEPTED", "UNSPECIFIED").Passes(time.Second).Consulted("ACCEPTED", "EXPIRED")
	s.When(advice.Answer(story.AdviceGiven)).Refused("TOO_LATE")
}

func TestADeadlineThatNobodyFiredYetCounts(t *testing.T) {
	open(t).Wait(45 * time.Second).When(advice.Accept()).Refused("TOO_LATE")
	accepted(t).Wait(10 * time.Minute).When(advice.Answer(story.AdviceGiven)).Refused("TOO_LATE")
}

func TestTheDeskIsAlertedAgain(t *testing.T) {
	s := open(t).Given(advice.Delivered()).Passes(30 * time.Second)
	if n := s.State.Conversation.Consultations[0].Alerts; n != 3 {
		t.Errorf("the desk was alerted %d times, want 3", n)
	}
}

func TestOtherEnds(t *testing.T) {
	open(t).Given(advice.Decline()).Consulted("DECLINED", "DECLINED")
	accepted(t).Given(advice.Decline()).Consulted("DECLINED", "DECLINED")
	accepted(t).Given(advice.Withdraw()).Consulted("WITHDRAWN", "WITHDRAWN")
	s := open(t).Given(story.Closes(advice.From))
	if handover.Of(s.State.Conversation).Finished() {
		t.Error("a conversation with an open consultation counts as finished")
	}
	s.When(advice.Accept()).Refused("TOO_LATE")
	s.Looks().Consulted("WITHDRAWN", "WITHDRAWN")
}

// shut says that one line can take nobody.
func shut(line string) handover.Shut {
	return func(asked string, _ handoverv1.Channel) handoverv1.PassReason {
		if asked != line {
			return 0
		}
		return handoverv1.PassReason_PASS_REASON_SUSPENDED
	}
}

func TestALineThatCanTakeNobodyIsNotAsked(t *testing.T) {
	ask := advice.Ask().(consultation.AskConsultation)
	ask.Shut = shut(advice.To)
	story.Opened(t).When(ask).Refused("LINE_CLOSED")
	looks := deadline.Advance{Shut: shut(advice.To)}
	s := open(t).Given(looks).Consulted("WITHDRAWN", "WITHDRAWN")
	if why := s.State.Conversation.Consultations[0].PassReason; why != handoverv1.PassReason_PASS_REASON_SUSPENDED {
		t.Errorf("it was withdrawn for %s", why)
	}
	accepted(t).Given(looks).Consulted("ACCEPTED", "UNSPECIFIED")
	open(t).Given(deadline.Advance{Shut: shut(story.Mind)}).Consulted("SENT", "UNSPECIFIED")
}

func TestWhoMayAsk(t *testing.T) {
	s := story.Opened(t)
	s.When(story.By(story.Emergency, advice.Ask())).Refused("CONVERSATION_NOT_YOURS")
	s.When(story.With(advice.Ask(), "ToLine", advice.From)).Refused("FIELD_INVALID")
	s.When(story.With(advice.Ask(), "Participant", "nobody")).Refused("PARTICIPANT_ABSENT")
	for state := range story.States {
		s := story.At(t, state)
		running := story.StateOf(state) < story.StateOf("AWAITING_OUTCOME")
		if state == "AWAITING_OUTCOME" || state == "CLOSED" {
			continue // custody has moved
		}
		if ask := s.When(advice.Ask()); running {
			ask.Refused(map[bool]string{true: "HANDOVER_UNFINISHED", false: "CUSTODY_NOT_YOURS"}[state != "TRANSFERRED"])
		} else {
			ask.Gives("ConsultationAsked")
		}
	}
	story.At(t, "TRANSFERRED").When(story.Advice{From: story.Emergency, Asker: "ola", To: story.Mind, ID: advice.ID}.Ask()).Refused("HANDOVER_UNFINISHED")
}

func TestOneAtATime(t *testing.T) {
	again := story.With(advice.Ask(), "ID", strings.Repeat("d", 32))
	open(t).When(again).Refused("CONSULTATION_UNFINISHED")
	open(t).Given(advice.Decline()).When(again).Gives("ConsultationAsked")
	s := open(t).Given(advice.Decline())
	s.Rules.Handovers = 1
	s.When(again).Refused("TOO_MANY_CONSULTATIONS")
}

// TestEachHasItsPart: whoever has another part, or none, is told the same: nothing that names the conversation.
func TestEachHasItsPart(t *testing.T) {
	s := accepted(t)
	for _, c := range []decide.Command{advice.Seen(), advice.Accept(), advice.Decline(), advice.Answer(story.AdviceGiven)} {
		wrong(t, s, story.By(advice.From, c))
	}
	for _, line := range []string{story.Mind, advice.To} {
		wrong(t, s, story.By(line, advice.Withdraw()))
	}
	wrong(t, s, story.By(story.Mind, advice.Brief()))
}

func wrong(t *testing.T, s *story.Story, c decide.Command) {
	t.Helper()
	r := s.When(c).Refused("CONSULTATION_NOT_FOUND")
	for _, said := range append([]string{r.Message}, r.Metadata["consultation"], r.Metadata["line"]) {
		if strings.Contains(said, story.Conversation) {
			t.Errorf("%q names the conversation", said)
		}
	}
}

func TestNobodyIsBriefedBeforeTheAccept(t *testing.T) {
	open(t).When(advice.Brief()).Refused("CONSULTATION_STATE")
	open(t).When(advice.Answer(story.AdviceGiven)).Refused("CONSULTATION_STATE")
	accepted(t).When(advice.Accept()).Refused("CONSULTATION_STATE")
	accepted(t).When(advice.Seen()).Gives()
	s := accepted(t)
	for range 50 {
		s.Given(advice.Brief())
	}
	s.When(advice.Brief()).Refused("TOO_MANY_CONSULTATIONS")
}

// TestTheAdviserCannotTellOneChildFromAnother: of the conversation it sees codes alone, in the answer and in the
// refusals, and nothing through the conversation's own watch.
func TestTheAdviserCannotTellOneChildFromAnother(t *testing.T) {
	s := accepted(t).Given(advice.Brief(), story.Risk(advice.From, story.Imminent))
	c := handover.Of(s.State.Conversation)
	seen := view.Consultation(c, c.Consultation(1), advice.To)
	if text := seen.String(); strings.Contains(text, story.Conversation) || strings.Contains(text, "NO-03") || strings.Contains(text, "kim") {
		t.Errorf("the adviser sees %s", text)
	}
	if seen.Header.Risk != story.Imminent || len(seen.Briefings) != 1 {
		t.Errorf("the adviser sees %v, want the risk as it is now and what it was told", seen)
	}
	if own := view.Consultation(c, c.Consultation(1), advice.From); own.Conversation != c.Name {
		t.Errorf("the line that asked sees %q, want its conversation", own.Conversation)
	}
	if _, err := view.Conversation(s.State, advice.To); err == nil {
		t.Error("the adviser has a view of the conversation")
	}
	if kinds := strings.Join(s.Sees(advice.To), " "); kinds != "" {
		t.Errorf("the adviser watches %s", kinds)
	}
	if kinds := strings.Join(s.Sees(advice.From), " "); !strings.Contains(kinds, "ConsultationBriefed") {
		t.Errorf("the line that asked watches %s", kinds)
	}
}

// TestHelpIsNeverHeldUp: in danger the child's line calls help and hands over at once, whatever its adviser does.
func TestHelpIsNeverHeldUp(t *testing.T) {
	s := accepted(t).Given(story.Risk(advice.From, story.Imminent))
	s.When(story.CallsHelp(advice.From, "kim")).Gives("EmergencyCalled")
	s.When(story.First.Propose()).Gives("ConsultationWithdrawn", "HandoverProposed")
}

func TestARequestMakesOneID(t *testing.T) {
	made := func(conversation string, request byte) string {
		o := decide.Origin{At: handover.ResourceName{Conversation: conversation}, RequestID: []byte{request}}
		d := command.DefinitionNamed("AskConsultation")
		lines := handover.Directory{Deadlines: func(string) *handoverv1.LineDeadlines { return nil }}
		return d.Command(o, lines, d.NewRequest()).(consultation.AskConsultation).ID
	}
	if id := made("a", 1); id != made("a", 1) || id == made("a", 2) || id == made("b", 1) || len(id) != 32 {
		t.Errorf("the id is %q; the same request must make the same, and another one another", id)
	}
}
