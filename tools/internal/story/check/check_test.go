package check_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stories"
)

// history plays the first story and returns what the log has of it.
func history(t *testing.T) (text string, appends []*auditv1.StoredCommit) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	content, err := stories.Files.ReadFile("violence.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := parse(t, string(content))
	w, err := play.Simulated(ctx, t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	played, err := play.Play(ctx, s, w, play.Options{})
	if err != nil {
		t.Fatal(err)
	}
	auditor, err := w.Connect("auditor", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	defer auditor.Close()
	report, err := check.Check(ctx, s, auditor.Audit, played.Conversation, played.Slack)
	if err != nil || report.Err() != nil {
		t.Fatal(err, report.Err())
	}
	return string(content), report.Commits
}

func parse(t *testing.T, text string) *story.Story {
	t.Helper()
	s, err := story.Parse("s.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// untrue are things that the first story could expect, and what it is told then.
var untrue = map[string]struct{ then, want string }{
	"custody":              {"custody: [snakkommobbing]", "2:12: expected custody snakkommobbing; saw snakkommobbing, then alarmtelefonen"},
	"how many handovers":   {"handovers: [{state: CLOSED}, {state: RETURNED}]", "2:14: expected 2 handovers; saw 1 handover"},
	"a handover's outcome": {"handovers: [{state: CLOSED, outcome: ONGOING}]", "2:15: expected a handover CLOSED outcome ONGOING; saw a handover CLOSED outcome SUPPORTED"},
	"a handover's return":  {"handovers: [{state: RETURNED, returned: NO_JOIN}]", "2:15: expected a handover RETURNED returned NO_JOIN; saw a handover CLOSED returned none"},
	"how many offers":      {"offers: [{line: brus, state: DECLINED}, {line: alarmtelefonen, state: ACCEPTED}]", "2:11: expected 2 offers; saw 1 offer\n2:12: expected an offer to brus DECLINED; saw an offer to alarmtelefonen ACCEPTED"},
	"an offer's end":       {"offers: [{line: alarmtelefonen, state: DECLINED, code: AGE}]", "2:12: expected an offer to alarmtelefonen DECLINED code AGE; saw an offer to alarmtelefonen ACCEPTED code none"},
	"who wrote":            {"wrote_in_bridge: [lerke, tuva, mina]", "2:20: expected tuva of snakkommobbing to have written in the bridge; saw mina of snakkommobbing, aksel of alarmtelefonen, lerke of snakkommobbing"},
	"an event":             {"in_order: [BridgeOpened, HandoverReturned]", "2:28: expected HandoverReturned after BridgeOpened; saw none"},
	"the order":            {"in_order: [BridgeOpened, OfferSent]", "2:28: expected OfferSent after BridgeOpened; saw it before that, at 19:50:00.000 only"},
	"a field":              {"in_order: [OfferSent line=brus]", "2:14: expected OfferSent line=brus after the beginning; saw OfferSent with other fields: line=alarmtelefonen"},
	"a list":               {"in_order: [ConsentGiven scopes=SUMMARY]", "2:14: expected ConsentGiven scopes=SUMMARY after the beginning; saw ConsentGiven with other fields: scopes=INTRO,ONE_LINE,FEEDBACK_OUTCOME"},
	"never":                {"never: [HandoverReturned, PacketOpened parts=ONE_LINE]", "2:29: expected no PacketOpened parts=ONE_LINE; saw PacketOpened at 19:50:15.000"},
	"duty":                 {"duty: {alarmtelefonen: REPORTED, brus: NOT_TRIGGERED}", "2:10: expected the duty record REPORTED by alarmtelefonen; saw WILL_REPORT\n2:36: expected the duty record NOT_TRIGGERED by brus; saw none"},
	"whom it recommends":   {"recommended: {line: brus, reason: TOPIC_NOT_OURS}", "2:16: expected a recommendation of brus as TOPIC_NOT_OURS; saw a recommendation of alarmtelefonen as TOPIC_NOT_OURS"},
	"why it recommends":    {"recommended: {line: alarmtelefonen, reason: NO_EMERGENCY, topics: [V.bullying], because: [EMERGENCY]}", "2:16: expected a recommendation of alarmtelefonen as NO_EMERGENCY for V.bullying because of EMERGENCY; saw a recommendation of alarmtelefonen as TOPIC_NOT_OURS for V.physical because of EMERGENCY"},
	"a time limit":         {"within: [{from: OfferSent, to: OfferAccepted, time: 11s}]", "2:12: expected OfferAccepted at most 11s after OfferSent; saw it after 12s"},
	"a limit to nothing":   {"within: [{from: OfferSent, to: OfferDeclined, time: 11s}]", "2:12: expected OfferDeclined at most 11s after OfferSent; saw no OfferDeclined after it"},
	"a limit from nothing": {"within: [{from: OfferDeclined, to: OfferAccepted, time: 11s}]", "2:12: expected OfferAccepted at most 11s after OfferDeclined; saw no OfferDeclined"},
}

func TestWhatIsNotSoFails(t *testing.T) {
	text, appends := history(t)
	text, _, _ = strings.Cut(text, "\nthen:")
	for name, test := range untrue {
		t.Run(name, func(t *testing.T) {
			report, err := check.Commits(parse(t, "then:\n  "+test.then+"\n"+text), appends, 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, failure := range report.Failures {
				got = append(got, strings.TrimPrefix(failure.Error(), "s.yaml:"))
			}
			if strings.Join(got, "\n") != test.want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), test.want)
			}
		})
	}
	t.Run("slack", func(t *testing.T) {
		s := parse(t, "then:\n  "+untrue["a time limit"].then+"\n"+text)
		if report, err := check.Commits(s, appends, time.Second); err != nil || report.Err() != nil {
			t.Error(err, report.Err())
		}
	})
}

func TestAHistoryThatWasTamperedWithFails(t *testing.T) {
	text, appends := history(t)
	s := parse(t, text)
	for name, tamper := range map[string]func([]*auditv1.StoredCommit) []*auditv1.StoredCommit{
		"a hash":            func(a []*auditv1.StoredCommit) []*auditv1.StoredCommit { a[5].PayloadHash[0] ^= 1; return a },
		"a commit left out": func(a []*auditv1.StoredCommit) []*auditv1.StoredCommit { return slices.Delete(a, 5, 6) },
		"a link":            func(a []*auditv1.StoredCommit) []*auditv1.StoredCommit { a[5].Commit.PreviousHash[0] ^= 1; return a },
		"who appended it": func(a []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			a[5].Commit.Service = "nobody"
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			var altered []*auditv1.StoredCommit
			for _, a := range appends {
				altered = append(altered, proto.CloneOf(a))
			}
			report, err := check.Commits(s, tamper(altered), 0)
			if err == nil && report.Err() == nil {
				t.Error("it passed")
			}
		})
	}
}
