package story

import (
	"maps"
	"slices"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Verb is something that can be done in a story.
type Verb string

// The verbs that are no RPC of their own.
const (
	// Chat is said in the line's own chat. The platform hears nothing of it.
	Chat Verb = "chat"
	// Wait lets the time pass.
	Wait Verb = "wait"
	// Repeat sends the request of an earlier step once more.
	Repeat Verb = "repeat"
)

// The verbs after which the player or the check has something to do.
const (
	Open    Verb = "open"
	Propose Verb = "propose handover"
	Accept  Verb = "accept offer"
	Say     Verb = "say"
	Seal    Verb = "seal packet"
	Unseal  Verb = "open packet"
)

// stage is how far a conversation has come.
type stage int

const (
	nothing stage = iota
	opened
	proposed
)

// verb is what a story may write about one thing that can be done.
type verb struct {
	// by says whose it is. Nobody: it has no who.
	by []Role
	// needs is how far the conversation must have come, and makes how far it then is.
	needs, makes stage
	keys         []key
}

// key is one key of a step.
type key struct {
	name, example string
	optional      bool
	read          func(*reader, *Step, yamlread.Value)
}

var (
	theChild    = []Role{Child}
	counsellors = []Role{Counsellor}
	staff       = []Role{Counsellor, Triage}
	anybody     = []Role{Child, Counsellor}
)

var verbs = map[Verb]verb{
	Wait:   {},
	Repeat: {keys: []key{{name: "step", example: "accept", read: readAgain}}},
	Chat:   {by: anybody, keys: words},

	Open:                {by: theChild, makes: opened},
	"join":              {by: anybody, needs: opened},
	"leave":             {by: anybody, needs: opened},
	"disconnect":        {by: anybody, needs: opened},
	Say:                 {by: anybody, needs: opened, keys: append(slices.Clone(words), toKey)},
	"ask consent":       {by: counsellors, needs: proposed, keys: scopeKeys},
	"give consent":      {by: theChild, needs: proposed, keys: scopeKeys},
	"refuse consent":    {by: theChild, needs: proposed},
	"withdraw consent":  {by: theChild, needs: proposed},
	"agree to handover": {by: theChild, needs: proposed},
	Seal:                {by: staff, needs: proposed, keys: append(slices.Clone(words), partKey)},
	Unseal:              {by: counsellors, needs: proposed},
	"close":             {by: counsellors, needs: opened, keys: one("reason", "FINISHED", func(s *Step) *handoverv1.CloseReason { return &s.Close })},

	"tag":         {by: staff, needs: opened, keys: tagKeys},
	"assess risk": {by: staff, needs: opened, keys: one("risk", "R1", func(s *Step) *handoverv1.RiskLevel { return &s.Risk })},
	"record duty": {by: staff, needs: opened, keys: one("duty", "NOT_TRIGGERED", func(s *Step) *handoverv1.DutyDecision { return &s.Duty })},

	Propose:             {by: staff, needs: opened, makes: proposed, keys: []key{{name: "lines", optional: true, read: readCandidates}}},
	"cancel handover":   {by: staff, needs: proposed, keys: one("reason", "NOT_NEEDED", func(s *Step) *handoverv1.CancelReason { return &s.Cancel })},
	"acknowledge offer": {by: staff, needs: proposed, keys: one("as", "DELIVERED", func(s *Step) *handoverv1.OfferState { return &s.As }, delivered, alerting)},
	Accept:              {by: staff, needs: proposed},
	"decline offer":     {by: staff, needs: proposed, keys: one("code", "NO_CAPACITY", func(s *Step) *handoverv1.DeclineCode { return &s.Decline })},
	"join handover":     {by: counsellors, needs: proposed},
	"start briefing":    {by: counsellors, needs: proposed},
	"open bridge":       {by: counsellors, needs: proposed},
	"confirm handover":  {by: counsellors, needs: proposed},
	"attest agreement":  {by: counsellors, needs: proposed, keys: one("reason", "CHILD_ENGAGED", func(s *Step) *handoverv1.AttestReason { return &s.Attest })},
	"leave handover":    {by: counsellors, needs: proposed},
	"report outcome":    {by: staff, needs: proposed, keys: one("outcome", "SUPPORTED", func(s *Step) *handoverv1.Outcome { return &s.Outcome })},
}

const (
	delivered = handoverv1.OfferState_OFFER_STATE_DELIVERED
	alerting  = handoverv1.OfferState_OFFER_STATE_ALERTING
)

// Verbs are all verbs, sorted.
func Verbs() []Verb { return slices.Sorted(maps.Keys(verbs)) }

// one is the key of a verb that needs one code.
func one[E enum](name, example string, field func(*Step) *E, among ...E) []key {
	return []key{{name: name, example: example, read: func(_ *reader, s *Step, v yamlread.Value) {
		*field(s) = code(v, among...)
	}}}
}

var words = []key{
	{name: "says", example: "Hei, jeg heter Mina.", read: func(_ *reader, s *Step, v yamlread.Value) { s.Says = text(v, "Hei, jeg heter Mina.") }},
	{name: "english", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.English = text(v, "Hello, my name is Mina.") }},
}

var toKey = key{name: "to", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) {
	s.Audience = code[handoverv1.Audience](v)
}}

var partKey = key{name: "part", example: "ONE_LINE", read: func(_ *reader, s *Step, v yamlread.Value) {
	s.Part = code(v, handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE,
		handoverv1.Scope_SCOPE_SUMMARY, handoverv1.Scope_SCOPE_TRANSCRIPT)
}}

var scopeKeys = []key{{name: "scopes", example: "[INTRO, ONE_LINE]", read: func(_ *reader, s *Step, v yamlread.Value) {
	s.Scopes = codes[handoverv1.Scope](v)
}}}

var tagKeys = []key{
	{name: "add", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Add = readTopics(v) }},
	{name: "remove", optional: true, read: func(_ *reader, s *Step, v yamlread.Value) { s.Remove = readTopics(v) }},
}

func readCandidates(r *reader, s *Step, v yamlread.Value) { s.Lines = r.lineList(v) }

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
