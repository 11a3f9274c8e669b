package story

import (
	"maps"
	"slices"
)

// Verb is an action in a story.
type Verb string

// Verbs that are not RPCs.
const (
	// Chat is a message in the line's own chat. The platform never sees it.
	Chat Verb = "chat"
	Wait Verb = "wait"
	// Repeat sends the request of an earlier step again.
	Repeat Verb = "repeat"
)

// Verbs that the player or the check treats specially.
const (
	Open    Verb = "open"
	Propose Verb = "propose handover"
	Accept  Verb = "accept offer"
	Say     Verb = "say"
	Seal    Verb = "seal packet"
	Unseal  Verb = "open packet"
	Claim   Verb = "claim ticket"
	Answer  Verb = "answer leg"
	// Seats sets the number of seats that the line's desks report from here on, until the
	// story ends.
	Seats Verb = "have seats"
)

// stage is the progress of a conversation.
type stage int

const (
	nothing stage = iota
	opened
	proposed
)

// verb defines the keys and constraints of an action.
type verb struct {
	// by lists the roles that may act. If empty, the step has no who.
	by []Role
	// needs is the stage that the conversation must have reached, makes the stage after the
	// action.
	needs, makes stage
	keys         []key
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

	Open:         {by: theChild, makes: opened},
	"join":       {by: anybody, needs: opened},
	"leave":      {by: anybody, needs: opened},
	"disconnect": {by: anybody, needs: opened},
	Say:          {by: anybody, needs: opened, keys: slices.Concat(words, audience)},
	"close":      {by: counsellors, needs: opened, keys: closeReason},

	"tag":         {by: staff, needs: opened, keys: tags},
	"assess risk": {by: staff, needs: opened, keys: risk},
	"record duty": {by: staff, needs: opened, keys: duty},

	Propose:             {by: staff, needs: opened, makes: proposed, keys: candidates},
	"cancel handover":   {by: staff, needs: proposed, keys: cancelReason},
	Seal:                {by: staff, needs: proposed, keys: slices.Concat(part, words)},
	Unseal:              {by: counsellors, needs: proposed},
	"ask consent":       {by: counsellors, needs: proposed, keys: scopes},
	"give consent":      {by: theChild, needs: proposed, keys: scopes},
	"refuse consent":    {by: theChild, needs: proposed},
	"withdraw consent":  {by: theChild, needs: proposed},
	"acknowledge offer": {by: staff, needs: proposed, keys: offerState},
	Accept:              {by: staff, needs: proposed},
	"decline offer":     {by: staff, needs: proposed, keys: declineCode},
	"join handover":     {by: counsellors, needs: proposed},
	"start briefing":    {by: counsellors, needs: proposed},
	"open bridge":       {by: counsellors, needs: proposed, keys: exception},
	"confirm handover":  {by: counsellors, needs: proposed},
	"agree to handover": {by: theChild, needs: proposed},
	"attest agreement":  {by: counsellors, needs: proposed, keys: attestReason},
	"leave handover":    {by: counsellors, needs: proposed},
	"report outcome":    {by: staff, needs: proposed, keys: outcome},

	"decide hop":        {by: staff, needs: proposed, keys: approval},
	"override consent":  {by: counsellors, needs: proposed, keys: slices.Concat(overrideCode, second, scopes)},
	"decide handover":   {by: staff, needs: proposed, keys: decision},
	"defer handover":    {by: staff, needs: proposed, keys: slices.Concat(toLine, slot, deferReason)},
	"signpost handover": {by: staff, needs: proposed, keys: slices.Concat(toLine, signpostReason)},
	"call emergency":    {by: counsellors, needs: proposed, keys: emergency},
	"confirm emergency": {by: counsellors, needs: proposed},
	"confirm cancel":    {by: staff, needs: proposed},

	"issue ticket": {by: counsellors, needs: opened, keys: slices.Concat(toLine, channel, lifetime)},
	Claim:          {by: staff, needs: opened, keys: form},
	Answer:         {by: counsellors, needs: opened},

	Seats:         {by: staff, keys: seats},
	"close line":  {by: staff, keys: slices.Concat(closureReason, lasting)},
	"reopen line": {by: staff},
	"report sick": {by: staff, keys: slices.Concat(unit, lasting)},
	"report well": {by: staff, keys: unit},
	"swap shifts": {by: staff, keys: dates},
	"cover shift": {by: staff, keys: slices.Concat(unit, date)},
}

// Verbs returns all verbs, sorted.
func Verbs() []Verb { return slices.Sorted(maps.Keys(verbs)) }

// Sent reports whether the action is a request to the platform.
func (v Verb) Sent() bool { return v != Chat && v != Wait && v != Seats }
