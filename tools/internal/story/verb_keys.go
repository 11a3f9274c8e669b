package story

import (
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// key is one key of a step.
type key struct {
	name, example string
	optional      bool
	read          func(*reader, *Step, yamlread.Value)
}

// What the verbs need to know.
var (
	words = []key{
		{name: "says", example: "Hei, jeg heter Mina.", read: func(_ *reader, s *Step, v yamlread.Value) { s.Says = text(v, "Hei, jeg heter Mina.") }},
		{name: "english", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.English = text(v, "Hello, my name is Mina.") }},
	}
	audience = []key{{name: "to", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) {
		s.Audience = code[handoverv1.Audience](v)
	}}}
	scopes = []key{{name: "scopes", example: "[INTRO, ONE_LINE]", read: func(_ *reader, s *Step, v yamlread.Value) {
		s.Scopes = codes[handoverv1.Scope](v)
	}}}
	tags = []key{
		{name: "add", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Add = readTopics(v) }},
		{name: "remove", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Remove = readTopics(v) }},
	}
	candidates = []key{{name: "lines", optional: true, read: func(r *reader, s *Step, v yamlread.Value) {
		s.Lines = r.lineList(v)
	}}}

	risk         = one("risk", "R1", func(s *Step) *handoverv1.RiskLevel { return &s.Risk })
	duty         = one("duty", "NOT_TRIGGERED", func(s *Step) *handoverv1.DutyDecision { return &s.Duty })
	closeReason  = one("reason", "FINISHED", func(s *Step) *handoverv1.CloseReason { return &s.Close })
	cancelReason = one("reason", "NOT_NEEDED", func(s *Step) *handoverv1.CancelReason { return &s.Cancel })
	attestReason = one("reason", "CHILD_ENGAGED", func(s *Step) *handoverv1.AttestReason { return &s.Attest })
	declineCode  = one("code", "NO_CAPACITY", func(s *Step) *handoverv1.DeclineCode { return &s.Decline })
	outcome      = one("outcome", "SUPPORTED", func(s *Step) *handoverv1.Outcome { return &s.Outcome })
	offerState   = one("as", "DELIVERED", func(s *Step) *handoverv1.OfferState { return &s.As },
		handoverv1.OfferState_OFFER_STATE_DELIVERED, handoverv1.OfferState_OFFER_STATE_ALERTING)
	part = one("part", "ONE_LINE", func(s *Step) *handoverv1.Scope { return &s.Part },
		handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE,
		handoverv1.Scope_SCOPE_SUMMARY, handoverv1.Scope_SCOPE_TRANSCRIPT)
)

// one is the key of a verb that needs one code, among these if any are given.
func one[E enum](name, example string, field func(*Step) *E, among ...E) []key {
	return []key{{name: name, example: example, read: func(_ *reader, s *Step, v yamlread.Value) {
		*field(s) = code(v, among...)
	}}}
}

func readTopics(v yamlread.Value) []string {
	var topics []string
	for _, member := range v.List("[V.physical]") {
		topic, ok := member.Text("V.physical")
		if ok && !taxonomy.Default().Known(topic) {
			member.Refuse("topic %q is not in the taxonomy; write a group such as MH or a leaf such as V.bullying", topic)
		}
		topics = append(topics, topic)
	}
	return topics
}
