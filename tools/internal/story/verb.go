package story

import (
	"maps"
	"slices"
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
	Claim   Verb = "claim ticket"
	Answer  Verb = "answer leg"
	// Seats is how many seats the line's desks have from here on. They say so as long
	// as the story goes on.
	Seats Verb = "have seats"
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

// Verbs are all verbs, sorted.
func Verbs() []Verb { return slices.Sorted(maps.Keys(verbs)) }

// Sent says whether what is done is a request to the platform.
func (v Verb) Sent() bool { return v != Chat && v != Wait && v != Seats }
