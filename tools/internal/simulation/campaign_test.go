package simulation

import (
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// schedules of the suite's campaign, and how many of them a short one has. The
// long one is a step of .ci/run.
const (
	schedules = 10_000
	shortened = 5_000
)

func TestCampaign(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // schedules leave much garbage and keep nothing
	c := Campaign{From: 1, Schedules: schedules}
	if testing.Short() {
		c.Schedules = shortened
	}
	wrong, closed, appends := 0, 0, 0
	c.Each = func(r Result) {
		appends += r.Commits
		if strings.HasPrefix(r.End, "CLOSED") {
			closed++
		}
		if len(r.Violations) > 0 && wrong < 5 {
			wrong++
			t.Errorf("seed %d: %s\nreplay: go run ./tools/simulate -seed %d -v", r.Seed, r.Violations[0], r.Seed)
		}
	}
	began := time.Now()
	seen := c.Run()
	t.Logf("%d schedules, %.0f/s, %.1f commits each, %.1f %% came to CLOSED", c.Schedules,
		float64(c.Schedules)/time.Since(began).Seconds(), float64(appends)/float64(c.Schedules), 100*float64(closed)/float64(c.Schedules))
	covers(t, seen)
}

// covers expects that everything of the protocol occurred.
func covers(t *testing.T, seen *Coverage) {
	t.Helper()
	for _, count := range seen.Counts() {
		reason, left := elsewhere[count.What]
		switch {
		case left && count.N > 0:
			t.Errorf("%s occurred %d times, although %s", count.What, count.N, reason)
		case left || count.N > 0:
			t.Logf("%9d  %s", count.N, count.What)
		case !testing.Short() || !seldom[count.What]:
			t.Errorf("%s never occurred", count.What)
		}
	}
}

// seldom are what a short campaign may miss.
var seldom = map[string]bool{
	"event OverlapExtended": true, "event RecommendationWithdrawn": true, "refusal HOP_LIMIT": true, "return HOP_LIMIT": true,
	"event LegUnanswered": true, "supervisor UNATTENDED": true,
}

const (
	ofLines    = "it is of a line, not of a conversation"
	ofServices = "the services refuse it before the protocol is asked"
)

// elsewhere is what cannot occur here, and why.
var elsewhere = map[string]string{
	"event LinePublished":         ofLines,
	"event TicketRefused":         ofLines,
	"event LineRemoved":           ofLines,
	"event LineClosed":            ofLines,
	"event LineReopened":          ofLines,
	"event CapacityReported":      ofLines,
	"event SeatLeased":            ofLines,
	"event RotaPublished":         ofLines,
	"event RotaChanged":           ofLines,
	"refusal FILE_INVALID":        ofLines,
	"refusal LINE_NOT_YOURS":      ofLines,
	"refusal ROTA_MISSING":        ofLines,
	"refusal ROTA_REFUSED":        ofLines,
	"refusal TOO_MANY_CLOSURES":   ofLines,
	"refusal LINE_CHANGED":        ofLines,
	"refusal LINE_UNSUITABLE":     ofServices,
	"refusal DOOR_NOT_FOUND":      ofServices,
	"refusal HANDOVER_NOT_YOURS":  ofServices,
	"state EMERGENCY":             "a handover becomes one in earlier histories only",
	"event AccessRecorded":        "it is of the access log, not of the history",
	"event LogRecovered":          "a person decides that, with a program of its own",
	"event HistoryJudged":         "it is audit's, in a stream of its own",
	"refusal TOO_MANY_ATTEMPTS":   ofLines,
	"refusal TOO_MANY_HANDOVERS":  "no schedule is long enough for a hundred handovers",
	"refusal IDENTITY_UNKNOWN":    ofServices,
	"refusal PEER_NOT_ALLOWED":    ofServices,
	"refusal LINE_NOT_FOUND":      ofServices,
	"refusal REQUEST_TOO_LARGE":   ofServices,
	"refusal RATE_LIMITED":        ofServices,
	"refusal TOO_MANY_STREAMS":    ofServices,
	"refusal TOPIC_UNKNOWN":       ofServices,
	"refusal LOG_UNAVAILABLE":     ofServices,
	"refusal STORAGE_UNAVAILABLE": ofServices,
	"refusal POSITION_IN_FUTURE":  ofServices,
	"refusal TIME_IN_FUTURE":      ofServices,
	"refusal BEFORE_START":        ofServices,
	"refusal RECORD_UNUSABLE":     ofServices,
	"refusal NOT_READY":           ofServices,
	"refusal RPC_UNKNOWN":         ofServices,
	"refusal INTERNAL":            ofServices,
	"refusal PAGE_TOKEN_INVALID":  ofServices,
	"refusal CONTENDED":           "two replicas never get in each other's way sixteen times over one command",
	"event LineKeyPublished":      ofLines,
	"event LineKeyRetired":        ofLines,
	"event LineKeyRevoked":        ofLines,
	"event StaffKeyRegistered":    ofLines,
	"event StaffKeyRevoked":       ofLines,
	"event LineSuspended":         ofLines,
	"event LineReinstated":        ofLines,
	"refusal KEY_NOT_TRUSTED":     ofLines,
	"refusal KEY_NOT_FOUND":       ofLines,
	"refusal KEY_IN_USE":          ofLines,
	"refusal TOO_MANY_KEYS":       ofLines,
	"refusal NOT_SEALED":          ofServices,
	"refusal GRANT_NOT_TRUSTED":   "grants are signed, and no schedule has keys",
	"passed SUSPENDED":            "lines that can take nobody are closed here",
	"event AccessGranted":         "grants are signed, and no schedule has keys",

	"refusal TOO_MANY_CONSULTATIONS": "no schedule is long enough for a hundred consultations, or for fifty briefings",
}
