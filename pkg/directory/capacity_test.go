package directory

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	r1, r3, r4 = handoverv1.RiskLevel_RISK_LEVEL_R1, handoverv1.RiskLevel_RISK_LEVEL_R3, handoverv1.RiskLevel_RISK_LEVEL_R4
	rx         = handoverv1.RiskLevel_RISK_LEVEL_RX
)

// A line without free seats, or with unknown seats, is not asked, unless it is an emergency
// line.
func TestSeats(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T19:40:00+01:00")
	seats := func(free, leased int32, until time.Time) Live {
		return Live{Seats: map[handoverv1.Channel]Seats{chat: {Free: free, Leased: leased}}, SeatsUntil: until}
	}
	soon := at.Add(time.Minute)
	for name, test := range map[string]struct {
		line    string
		live    Live
		channel handoverv1.Channel
		risk    handoverv1.RiskLevel
		want    bool
	}{
		"free":                         {"snakkompsyken", seats(1, 0, soon), chat, r1, true},
		"set aside":                    {"snakkompsyken", seats(1, 1, soon), chat, r1, false},
		"more set aside than there is": {"snakkompsyken", seats(1, 2, soon), chat, r1, false},
		"not all set aside":            {"snakkompsyken", seats(2, 1, soon), chat, r1, true},
		"taken":                        {"snakkompsyken", seats(0, 0, soon), chat, r4, false},
		"stale":                        {"snakkompsyken", seats(3, 0, at), chat, r1, false},
		"never reported":               {"snakkompsyken", Live{}, chat, r4, false},
		"emergency, taken":             {"alarmtelefonen", seats(0, 0, soon), chat, r3, false},
		"emergency, taken, unassessed": {"alarmtelefonen", seats(0, 0, soon), chat, rx, false},
		"emergency, taken, R4":         {"alarmtelefonen", seats(0, 0, soon), chat, r4, true},
		"emergency, stale":             {"alarmtelefonen", seats(0, 0, at), chat, r1, true},
		"emergency, never reported":    {"alarmtelefonen", Live{}, chat, r1, true},
		"a channel not in the report":  {"alarmtelefonen", seats(1, 0, soon), phone, r1, false},
		"no seats in sms":              {"alarmtelefonen", seats(0, 0, soon), sms, r1, true},
	} {
		all := with(t, test.line, test.live)
		got := all.CanTake(test.line, test.channel, test.risk, at)
		if (got == 0) != test.want || got == handoverv1.PassReason_PASS_REASON_CLOSED {
			t.Errorf("%s: %v", name, got)
		}
		need := Need{Header: &handoverv1.PacketHeader{Channel: test.channel, Risk: test.risk}, Topics: []string{"MH", "V.physical"}[:1]}
		if test.line == "alarmtelefonen" {
			need.Topics = []string{"V.physical"}
		}
		if failed := all.Rank(need, at).Candidates[0].Failed; (len(failed) == 0) != test.want {
			t.Errorf("%s: fails %v", name, failed)
		}
	}
}

func TestCanTakeAfterItHasClosed(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T20:59:00+01:00")
	gone := with(t, "brus", someSeats())
	status := directorytest.Line(t, "brus")
	status.Status = handoverv1.LineStatus_LINE_STATUS_INACTIVE
	short := someSeats()
	short.Closures = []*handoverv1.Closure{directorytest.Closed(t, "2026-03-03T20:58:00+01:00", "2026-03-03T21:30:00+01:00", incident, chat)}
	unstaffed := someSeats()
	unstaffed.Staffing = oneShift(t, "skive", "2026-03-03T18:00:00+01:00", "2026-03-03T20:59:00+01:00")
	suspended := someSeats()
	suspended.Suspended = handoverv1.SuspensionReason_SUSPENSION_REASON_SAFETY
	for name, test := range map[string]struct {
		all  *Directory
		at   time.Time
		want handoverv1.PassReason
	}{
		"suspended":        {with(t, "brus", suspended), at, 3},
		"open":             {with(t, "brus", someSeats()), at, 0},
		"after its hours":  {with(t, "brus", someSeats()), at.Add(2 * time.Minute), 1},
		"at short notice":  {with(t, "brus", short), at, 1},
		"nobody is there":  {with(t, "brus", unstaffed), at, 1},
		"no longer there":  {gone.With("brus", nil, Live{}), at, 1},
		"no longer active": {gone.With("brus", status, someSeats()), at, 1},
	} {
		if got := test.all.CanTake("brus", chat, r1, test.at); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCandidatesTellWhatIsKnownOfThem(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T19:40:00+01:00")
	live := someSeats()
	live.Seats[chat], live.FactsPosition = Seats{Free: 3, Leased: 1, Queue: 2}, 12
	live.Staffing = oneShift(t, "skive", "2026-03-03T18:00:00+01:00", "2026-03-03T20:00:00+01:00")
	need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}, Asked: map[string]bool{"b": true, "a": true, "c": false}}
	decision := with(t, "brus", live).Rank(need, at)
	got := decision.Candidates[0]
	if got.GetFreeSeats() != 2 || got.GetQueue() != 2 || got.Unit != "skive" || got.FactsPosition != 12 {
		t.Errorf("%v", got)
	}
	if !got.OpenUntil.AsTime().Equal(directorytest.Instant(t, "2026-03-03T20:00:00+01:00")) {
		t.Errorf("open until %v", got.OpenUntil)
	}
	if asked := decision.Need.Asked; len(asked) != 2 || asked[0] != "a" || decision.Need.Header.LanguageCode != "da" {
		t.Errorf("made for %v", decision.Need)
	}
	later := with(t, "brus", live).Rank(need, at.Add(30*time.Minute)).Candidates[0]
	if told([]*handoverv1.Candidate{later})[0] != "brus 0 -CLOSED" || later.Unit != "" {
		t.Errorf("after the shift: %v", later)
	}
	live.SeatsUntil = at
	if stale := with(t, "brus", live).Rank(need, at).Candidates[0]; stale.FreeSeats != nil || stale.Queue != nil {
		t.Errorf("stale: %v", stale)
	}
}

// A closed line shows when it opens, though nobody is at its desks yet to report seats.
func TestAClosedLineIsNotAskedForItsSeats(t *testing.T) {
	closed := with(t, "brus", Live{}).Rank(Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}, directorytest.Instant(t, "2026-03-03T21:01:00+01:00")).Candidates[0]
	if got := told([]*handoverv1.Candidate{closed})[0]; got != "brus 0 -CLOSED" || !closed.OpensAt.AsTime().Equal(directorytest.Instant(t, "2026-03-04T18:00:00+01:00")) {
		t.Errorf("%s, opens at %v", got, closed.OpensAt)
	}
}

func TestRisk(t *testing.T) {
	for _, test := range []struct {
		most, risk handoverv1.RiskLevel
		want       bool
	}{
		{0, r4, true}, {rx, r4, true}, {r3, r4, false}, {r3, r3, true}, {r3, rx, true}, {r3, 0, true}, {r4, r4, true}, {1, r1, false},
	} {
		line := directorytest.Line(t, "brus")
		line.MaxRisk = test.most
		need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
		need.Header.Risk = test.risk
		got := seatedAll([]*handoverv1.Line{line}).Rank(need, directorytest.Instant(t, "2026-03-03T19:00:00+01:00")).Candidates[0].Failed
		if (len(got) == 0) != test.want || len(got) > 0 && got[0] != handoverv1.Verdict_VERDICT_RISK {
			t.Errorf("%v for at most %v: %v", test.risk, test.most, got)
		}
	}
}
