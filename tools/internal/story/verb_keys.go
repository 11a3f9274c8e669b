package story

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

type key struct {
	name, example string
	optional      bool
	read          func(*reader, *Step, yamlread.Value)
}

// Keys of the verbs.
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
	overrideCode = one("code", "DANGER_TO_LIFE", func(s *Step) *handoverv1.OverrideCode { return &s.Override })
	decision     = one("decision", "STAY", func(s *Step) *handoverv1.SenderDecision { return &s.Decision })
	deferReason  = one("reason", "LINES_CLOSED", func(s *Step) *handoverv1.DeferReason { return &s.Defer })
	emergency    = one("service", "POLICE", func(s *Step) *handoverv1.EmergencyService { return &s.Emergency })
	channel      = one("channel", "PHONE", func(s *Step) *handoverv1.Channel { return &s.Channel })

	signpostReason = one("reason", "CHILD_PREFERS", func(s *Step) *handoverv1.SignpostReason { return &s.Signpost })
	exception      = maybe(one("exception", "CHILD_UNREACHABLE", func(s *Step) *handoverv1.BridgeException { return &s.Exception }))

	toLine = []key{{name: "line", example: "alarmtelefonen", read: func(r *reader, s *Step, v yamlread.Value) {
		s.Lines = []string{r.line(v)}
	}}}
	second = []key{{name: "with", example: "tuva", read: func(r *reader, s *Step, v yamlread.Value) {
		s.With = r.somebodyNamed(v)
	}}}
	approval = []key{{name: "approve", example: "true", read: func(_ *reader, s *Step, v yamlread.Value) { s.Approve = v.Bool() }}}
	slot     = []key{{name: "from", example: "2026-03-08 15:00", read: func(r *reader, s *Step, v yamlread.Value) {
		s.From = r.readInstant(v)
	}}, {name: "for", example: "30m", read: func(_ *reader, s *Step, v yamlread.Value) { s.For = readDuration(v) }}}
	lifetime = []key{{name: "lifetime", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.For = readDuration(v) }}}
	form     = []key{{name: "by", example: "digits", read: func(_ *reader, s *Step, v yamlread.Value) { s.Ticket = readForm(v) }}}

	closureReason = one("reason", "SHORT_STAFFED", func(s *Step) *handoverv1.ClosureReason { return &s.Closure })
	lasting       = []key{{name: "for", example: "2h", read: func(_ *reader, s *Step, v yamlread.Value) { s.For = readDuration(v) }}}
	seats         = []key{
		{name: "free", example: "2", read: func(_ *reader, s *Step, v yamlread.Value) { s.Free = readCount(v) }},
		{name: "queue", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Queue = readCount(v) }},
	}
	unit  = []key{{name: "unit", example: "odder", read: func(_ *reader, s *Step, v yamlread.Value) { s.Unit = text(v, "odder") }}}
	date  = []key{{name: "date", example: "2026-03-03", read: func(_ *reader, s *Step, v yamlread.Value) { s.Dates = []string{text(v, "2026-03-03")} }}}
	dates = []key{{name: "dates", example: "[2026-03-03, 2026-03-04]", read: func(_ *reader, s *Step, v yamlread.Value) { s.Dates = readDates(v) }}}

	offerState = one("as", "DELIVERED", func(s *Step) *handoverv1.OfferState { return &s.As },
		handoverv1.OfferState_OFFER_STATE_DELIVERED, handoverv1.OfferState_OFFER_STATE_ALERTING)
	part = one("part", "ONE_LINE", func(s *Step) *handoverv1.Scope { return &s.Part },
		handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE,
		handoverv1.Scope_SCOPE_SUMMARY, handoverv1.Scope_SCOPE_TRANSCRIPT)
)

// one is the key of a verb that needs one code; if among is given, only those are allowed.
func one[E enum](name, example string, field func(*Step) *E, among ...E) []key {
	return []key{{name: name, example: example, read: func(_ *reader, s *Step, v yamlread.Value) {
		*field(s) = code(v, among...)
	}}}
}

// maybe makes keys optional.
func maybe(keys []key) []key {
	for i := range keys {
		keys[i].optional = true
	}
	return keys
}

// The secret with which a claim ticket is presented: that of the newest ticket, or a wrong
// one.
const (
	Link        = "link"
	Digits      = "digits"
	WrongLink   = "wrong link"
	WrongDigits = "wrong digits"
)

func readForm(v yamlread.Value) string {
	forms := []string{Link, Digits, WrongLink, WrongDigits}
	written := text(v, Digits)
	if !slices.Contains(forms, written) {
		v.Refuse("a ticket is not brought as %q; write one of %s", written, strings.Join(forms, ", "))
	}
	return written
}

// most exceeds the number of seats of any line.
const most = 10000

func readCount(v yamlread.Value) int32 {
	n := v.Int(2)
	if n < 0 || n > most {
		v.Refuse("%d are none; write 0 to %d", n, most)
	}
	return n
}

func readDates(v yamlread.Value) []string {
	const example = "2026-03-03"
	dates := each(v, "["+example+", 2026-03-04]", func(v yamlread.Value) string { return text(v, example) })
	if len(dates) != 2 {
		v.Refuse("shifts of %d dates cannot change places; write two dates", len(dates))
		return []string{"", ""}
	}
	return dates
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
