package story

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
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
	audience      = maybe(fills("to", "COUNSELLORS", "audience"))
	candidates    = maybe(fills("lines", "[snakkommobbing]", "candidates"))
	scopes        = fills("scopes", "[INTRO, ONE_LINE]", "scopes")
	risk          = fills("risk", "R1", "level")
	duty          = fills("duty", "NOT_TRIGGERED", "decision")
	closeReason   = fills("reason", "FINISHED", "reason")
	cancelReason  = fills("reason", "NOT_NEEDED", "reason")
	attestReason  = fills("reason", "CHILD_ENGAGED", "reason")
	reverseReason = fills("reason", "RECEIVER_LOST", "reason")
	declineCode   = fills("code", "NO_CAPACITY", "code")
	outcome       = fills("outcome", "SUPPORTED", "outcome")
	overrideCode  = fills("code", "DANGER_TO_LIFE", "code")
	decision      = fills("decision", "STAY", "decision")
	deferReason   = fills("reason", "LINES_CLOSED", "reason")
	emergency     = fills("service", "POLICE", "service")
	emergencyEnd  = fills("reason", "MISTAKEN", "reason")
	search        = fills("decision", "SEARCH", "decision")
	channel       = fills("channel", "PHONE", "channel")
	approval      = fills("approve", "true", "approve")
	toLine        = fills("line", "alarmtelefonen", "to_line")
	lifetime      = maybe(fills("lifetime", "10m", "lifetime"))
	offerState    = fills("as", "DELIVERED", "state")
	remarks       = fills("remarks", "[ASKS_WHETHER_TO_REPORT]", "remarks")
	advice        = fills("answer", "ADVICE_GIVEN", "answer")
	part          = fills("part", "ONE_LINE", "part")

	signpostReason = fills("reason", "CHILD_PREFERS", "reason")
	exception      = maybe(fills("exception", "CHILD_UNREACHABLE", "exception"))
	closureReason  = fills("reason", "SHORT_STAFFED", "reason")

	tags = slices.Concat(
		maybe(into("add", "[V.physical]", func(_ *reader, _ *Step, to *triagev1.TagConversationRequest, v yamlread.Value) {
			to.Add = readTopics(v)
		})),
		maybe(into("remove", "[V.physical]", func(_ *reader, _ *Step, to *triagev1.TagConversationRequest, v yamlread.Value) {
			to.Remove = readTopics(v)
		})))
	corrections = slices.Concat(
		corrects("language", "ar", handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE, func(to *intakev1.CorrectConversationRequest, v yamlread.Value) {
			to.LanguageCode, _ = v.Language()
		}),
		corrects("ages", "16-18", handoverv1.DescriptionField_DESCRIPTION_FIELD_AGE_BAND, func(to *intakev1.CorrectConversationRequest, v yamlread.Value) {
			to.AgeBand = readAges(v)
		}),
		corrects("area", "NO-03", handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA, func(to *intakev1.CorrectConversationRequest, v yamlread.Value) {
			to.Area = readArea(v)
		}),
		corrects("door", "own-page", handoverv1.DescriptionField_DESCRIPTION_FIELD_DOOR, func(to *intakev1.CorrectConversationRequest, v yamlread.Value) {
			to.Door = text(v, "own-page")
		}))
	second = into("with", "tuva", func(r *reader, _ *Step, to *intakev1.OverrideConsentRequest, v yamlread.Value) {
		to.SecondPerson = r.somebodyNamed(v).Name
	})
	other = into("with", "tuva", func(r *reader, _ *Step, to *routingv1.EndEmergencyRequest, v yamlread.Value) {
		to.SecondPerson = r.somebodyNamed(v).Name
	})
	heardBy = maybe(into("heard_by", "mina", func(r *reader, _ *Step, to *intakev1.GiveConsentRequest, v yamlread.Value) {
		to.HeardBy = r.somebodyNamed(v).Name
	}))
	with = []key{{name: "with", optional: true, read: func(r *reader, s *Step, v yamlread.Value) { s.With = r.somebodyNamed(v).Name }}}
	// which is the handover that a step is about. Without it: the newest.
	which = []key{{name: "handover", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Handover = uint32(readCount(v)) }}}
	form  = []key{{name: "by", example: "digits", read: func(_ *reader, s *Step, v yamlread.Value) { s.Ticket = readForm(v) }}}

	seats = []key{
		{name: "free", example: "2", read: func(_ *reader, s *Step, v yamlread.Value) { s.Free = readCount(v) }},
		{name: "queue", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Queue = readCount(v) }},
	}
	anyRPC = slices.Concat(
		[]key{{name: "rpc", example: exampleRPC, read: readRPC}, {name: "request", optional: true, read: readRequest}},
		maybe(slices.Clone(words)))
)

// fills returns the key whose value becomes a field of the step's request.
func fills(name, example string, field protoreflect.Name) []key {
	return []key{{name: name, example: example, read: func(r *reader, s *Step, v yamlread.Value) {
		m := s.Request.ProtoReflect()
		r.readField(m, m.Descriptor().Fields().ByName(field), v)
	}}}
}

// into returns the key that is read into one kind of request.
func into[R proto.Message](name, example string, read func(*reader, *Step, R, yamlread.Value)) []key {
	return []key{{name: name, example: example, read: func(r *reader, s *Step, v yamlread.Value) {
		read(r, s, s.Request.(R), v)
	}}}
}

// corrects returns the key of something that a conversation is described by.
func corrects(name, example string, field handoverv1.DescriptionField, read func(*intakev1.CorrectConversationRequest, yamlread.Value)) []key {
	return maybe(into(name, example, func(_ *reader, _ *Step, to *intakev1.CorrectConversationRequest, v yamlread.Value) {
		to.Fields = append(to.Fields, field)
		read(to, v)
	}))
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
