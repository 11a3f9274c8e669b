package story_test

import (
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/internal/story"
)

// sound is a story without a mistake; the tests spoil it by one replacement.
const sound = `title: A title
shows: What one sees
clock: 2026-03-03T19:40:00+01:00
zone: Europe/Oslo
people:
  lerke: {is: child, line: snakkommobbing, language: nb, ages: 13-15, channel: chat}
  mina: {is: counsellor, line: snakkommobbing}
  aksel: {is: counsellor, line: alarmtelefonen}
steps:
  - {who: lerke, does: open}
  - {who: mina, does: join, after: 10s}
  - {who: mina, does: tag, add: [V.physical]}
  - {who: mina, does: propose handover, at: "19:41:00"}
  - {who: mina, does: ask consent, scopes: [INTRO]}
  - {who: lerke, does: give consent, scopes: [INTRO]}
  - {who: aksel, does: accept offer, name: accept}
  - {does: repeat, step: accept}
  - {does: wait, after: 45s}
then:
  custody: [snakkommobbing]
  never: [OfferSent line=brus]
  within: [{from: OfferSent, to: OfferAccepted, time: 12s}]
`

func TestASoundStoryIsTaken(t *testing.T) {
	s, err := story.Parse("s.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Steps[3].At.In(s.Zone).Format("15:04:05"); got != "19:41:00" {
		t.Errorf("step 4 is at %s", got)
	}
	if got := s.Steps[7]; got.Again != 7 || got.Who.Name != "aksel" {
		t.Errorf("the repetition is of step %d by %q, want step 7 by aksel", got.Again, got.Who.Name)
	}
	if !s.NeedsTime() {
		t.Error("a story that waits needs time")
	}
}

var malformed = map[string]struct{ old, by, want string }{
	"empty":                     {sound, "", "1:1: the file is empty; write something in it, or remove it"},
	"no mapping":                {sound, "- a", "1:1: found a list; write a mapping, for example title: "},
	"no title":                  {"title: A title\n", "", "1:1: title is missing; write title: From bullying"},
	"no steps":                  {"steps:", "step:", "1:1: steps is missing; write steps: |9:1: unknown key \"step\" of a story; write one of title, shows"},
	"nothing expected":          {"then:", "than:", "1:1: then is missing; write then: |19:1: unknown key \"than\" of a story"},
	"bad clock":                 {"clock: 2026-03-03T19:40:00+01:00", "clock: Tuesday", "3:8: clock \"Tuesday\" is not a valid timestamp; use RFC 3339, for example 2026-03-03T19:40:00+01:00"},
	"bad zone":                  {"Europe/Oslo", "Europe/Kristiansand", "4:7: time zone \"Europe/Kristiansand\" is not known; write an IANA name, for example Europe/Oslo"},
	"no child":                  {"is: child, line: snakkommobbing, language: nb, ages: 13-15, channel: chat", "is: counsellor, line: snakkommobbing", "6:3: there is no child; write one|10:11: lerke is a counsellor, who cannot open; write a child, for example mina|15:11: lerke is a counsellor, who cannot give consent"},
	"two children":              {"mina: {is: counsellor, line: snakkommobbing}", "mina: {is: child, line: snakkommobbing, language: nb, channel: chat}", "7:3: a story has one child, and that is lerke; write another story for another child|12:11: mina is a child, who cannot tag; write a counsellor or triage, for example aksel|13:11: |14:11: "},
	"unknown line":              {"mina: {is: counsellor, line: snakkommobbing}", "mina: {is: counsellor, line: snakkommobing}", "7:32: unknown line \"snakkommobing\"; write one of alarmtelefonen, snakkompsyken, snakkommobbing, brus"},
	"unknown role":              {"mina: {is: counsellor", "mina: {is: counselor", "7:14: nobody is a \"counselor\"; write child, counsellor or triage|11:11: |12:11: |13:11: |14:11: "},
	"bad pseudonym":             {"aksel: {is", "Åksel: {is", "8:3: \"Åksel\" is not a pseudonym; write a to z|16:11: unknown person \"aksel\"; write one of lerke, mina, Åksel"},
	"unknown channel":           {"channel: chat", "channel: fax", "6:80: unknown channel \"fax\"; write chat, phone, sms or email"},
	"ages reversed":             {"13-15", "15-13", "6:64: ages \"15-13\" are reversed; write the youngest first: 13-15"},
	"unknown person":            {"who: mina, does: join", "who: minna, does: join", "11:11: unknown person \"minna\"; write one of lerke, mina, aksel"},
	"nobody does it":            {"who: mina, does: join", "does: join", "11:5: who is missing; write who: lerke"},
	"the wrong person":          {"who: mina, does: tag", "who: lerke, does: tag", "12:11: lerke is a child, who cannot tag; write a counsellor or triage, for example mina"},
	"unknown verb":              {"does: join", "does: jion", "11:23: unknown verb \"jion\"; write one of accept offer, accept question, acknowledge offer"},
	"no verb":                   {"who: mina, does: join", "who: mina", "11:5: does is missing; write does: join"},
	"a missing field":           {"does: ask consent, scopes: [INTRO]", "does: ask consent", "14:5: scopes is missing; write scopes: [INTRO, ONE_LINE]"},
	"a field of another":        {"does: join", "does: join, scopes: [INTRO]", "11:29: unknown key \"scopes\" of join; write one of who, does, at, after, name, refused"},
	"unknown code":              {"does: ask consent, scopes: [INTRO]", "does: ask consent, scopes: [INTR]", "14:45: unknown code \"INTR\"; write one of INTRO, CODES, ONE_LINE"},
	"unknown refusal":           {"does: join", "does: join, refused: LATE", "11:38: unknown code \"LATE\"; write one of FIELD_INVALID"},
	"unknown topic":             {"V.physical", "V.fysisk", "12:34: topic \"V.fysisk\" is not in the taxonomy"},
	"no topic":                  {", add: [V.physical]", "", "12:23: tag names no topic; write add: [V.physical], or remove"},
	"back in time":              {`at: "19:41:00"`, `at: "19:39:00"`, "13:45: 19:39:00 lies before the step above, which is at 19:40:10; write a later time, or 2026-03-04 19:39:00 on the next day"},
	"no time":                   {`at: "19:41:00"`, `at: soon`, "13:45: \"soon\" is not a valid time; use hours, minutes and seconds such as 19:40:30"},
	"a skipped time":            {`at: "19:41:00"`, `at: "2026-03-29 02:30:00"`, "13:45: \"2026-03-29 02:30:00\" is not a valid time"},
	"at and after":              {"after: 10s", "after: 10s, at: 19:41", "11:45: a step is at a time or after one; write at or after, not both"},
	"a time backwards":          {"after: 10s", "after: -10s", "11:36: \"-10s\" is not a length of time; write it with its unit, for example 12s, 1m30s or 24h"},
	"no unit":                   {"after: 10s", "after: 10", "11:36: found \"10\"; write text, for example 12s"},
	"before it is open":         {"does: open", "does: join", "10:24: join comes before the conversation is open; write {who: lerke, does: open} above it"},
	"opened twice":              {"{who: mina, does: join, after: 10s}", "{who: lerke, does: open}", "11:24: the conversation is open already; write another story for another conversation"},
	"before it is proposed":     {`does: propose handover, at: "19:41:00"`, "does: join", "14:23: ask consent comes before a handover was proposed; write {who: mina, does: propose handover} above it"},
	"a wait of nothing":         {"does: wait, after: 45s", "does: wait", "18:12: wait does not say how long; write after: 45s or at: 19:45:00 beside it"},
	"a wait refused":            {"after: 45s", "after: 45s, refused: TOO_LATE", "18:30: unknown key \"refused\" of wait; write one of does, at, after"},
	"repeats what is not there": {"{does: wait, after: 45s}", "{does: repeat, step: again}", "18:26: no step above is called \"again\"; write name: again in the step to repeat"},
	"repeats a repetition":      {"step: accept}\n", "step: accept, name: again}\n  - {does: repeat, step: again}\n", "18:26: step \"again\" is a repetition itself; name the step that it repeats"},
	"repeats nobody":            {"step: accept", "step: decline", "17:26: no step above is called \"decline\"; write name: decline in the step to repeat"},
	"a name twice":              {"does: join,", "does: join, name: accept,", "16:44: the step at s.yaml:11:35 is called \"accept\" already; give one of them another name"},
	"unknown expectation":       {"custody:", "custodian:", "20:3: unknown key \"custodian\" of then; write one of custody, handovers, offers"},
	"unknown event":             {"OfferSent line=brus", "OffersSent", "21:11: unknown event \"OffersSent\"; write one of AccessGranted, AgreementAttested, BridgeOpened"},
	"unknown field":             {"OfferSent line=brus", "OfferSent lin=brus", "21:11: OfferSent has no field \"lin\" to compare; write one of handover, offer, line, unit, for example handover=..."},
	"unknown field's code":      {"OfferSent line=brus", "OfferDeclined code=OLD", "21:11: unknown code \"OLD\" of code; write one of NO_CAPACITY"},
	"unknown RPC":               {"does: join", "does: call, rpc: Join", "11:34: unknown RPC \"Join\"; write one of AcceptConsultation, AcceptOffer, AcknowledgeConsultation"},
	"no RPC":                    {"does: join", "does: call", "11:5: rpc is missing; write rpc: JoinConversation"},
	"an RPC of the operator":    {"does: join", "does: call, rpc: ApplyLines", "11:34: unknown RPC \"ApplyLines\"; write one of "},
	"unknown field of an RPC":   {"does: accept offer", "does: call, rpc: ReportOutcome, request: {outcom: AGE}", "16:60: unknown field \"outcom\" of ReportOutcomeRequest; write one of request_id, handover, outcome"},
	"unknown code of an RPC":    {"does: accept offer", "does: call, rpc: AcknowledgeOffer, request: {state: ACCEPTED}", "16:70: unknown code \"ACCEPTED\"; write one of DELIVERED, ALERTING"},
	"unknown line of an RPC":    {"does: accept offer", "does: call, rpc: SignpostHandover, request: {to_line: bris}", "16:72: unknown line \"bris\"; write one of alarmtelefonen"},
	"a list where one is meant": {"does: accept offer", "does: call, rpc: DecideHop, request: {approve: [true]}", "16:65: found a list; write true or false"},
	"bytes of an RPC":           {"does: accept offer", "does: call, rpc: SealPacket, request: {part: CODES, sealed: Hei}", "16:78: sealed cannot be written in a story; leave it out"},
	"called too early":          {"does: join", "does: call, rpc: AskConsent", "11:23: call comes before a handover was proposed; write {who: mina, does: propose handover} above it"},
	"a limit without time":      {", time: 12s", "", "22:12: time is missing; write time: 12s"},
	"no directory":              {"zone: Europe/Oslo\n", "zone: Europe/Oslo\nlines: none.yaml\n", "5:8: the directory cannot be read: open none.yaml"},
}

func TestMalformedStories(t *testing.T) {
	for name, test := range malformed {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(sound, test.old) {
				t.Fatalf("the sound story has no %q to replace", test.old)
			}
			_, err := story.Parse("s.yaml", []byte(strings.Replace(sound, test.old, test.by, 1)))
			if err == nil {
				t.Fatal("was taken")
			}
			wantMistakes(t, err, strings.Split(test.want, "|"))
		})
	}
}

// wantMistakes compares how each line of an error begins.
func wantMistakes(t *testing.T, err error, want []string) {
	t.Helper()
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d mistakes, want %d:\n%v", len(lines), len(want), err)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, "s.yaml:"+want[i]) {
			t.Errorf("got  %s\nwant s.yaml:%s", line, want[i])
		}
	}
}

func TestUnknownNameOfAStory(t *testing.T) {
	_, err := story.Load("violense")
	var names []string
	for _, shipped := range story.Shipped() {
		names = append(names, shipped.Name)
	}
	want := `there is no story "violense"; write ` + strings.Join(names, ", ") + `, or the path of a file that ends in .yaml`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
