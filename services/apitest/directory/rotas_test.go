package directory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/rota"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

// evening is one at BRUS: Monday the 23rd, 20:00 in Copenhagen. It is the turn of
// Syddjurs, and then of Aarhus and Odder.
type evening struct {
	*apitest.World
	brus, cyberhus apitest.Desk
}

func newEvening(t *testing.T) evening {
	t.Helper()
	w := apitest.NewWorldOf(t, linefile.Example())
	e := evening{w, w.Desk("brus"), w.Desk("cyberhus")}
	e.done(e.applying(rota.BrusFile()))
	return e
}

func (e evening) done(recorded *handoverv1.Recorded, err error) *handoverv1.Recorded {
	e.T.Helper()
	return apitest.Must[*handoverv1.Recorded](e.T)(recorded, err)
}

func toApply(file string) *routingv1.ApplyRotaRequest {
	return &routingv1.ApplyRotaRequest{RequestId: uuid.NewString(), Line: "lines/brus", File: []byte(file)}
}

func (e evening) applying(file string) (*handoverv1.Recorded, error) {
	return apitest.Placed(e.brus.Directory.ApplyRota(e.Ctx, toApply(file)))
}

func toChange(changes ...*handoverv1.RotaChange) *routingv1.ChangeRotaRequest {
	return &routingv1.ChangeRotaRequest{RequestId: uuid.NewString(), Line: "lines/brus", Changes: changes}
}

func (e evening) changing(changes ...*handoverv1.RotaChange) (*handoverv1.Recorded, error) {
	return apitest.Placed(e.brus.Directory.ChangeRota(e.Ctx, toChange(changes...)))
}

// the changes, made by a person at BRUS.
func cover(date, unit string) *handoverv1.RotaChange {
	return &handoverv1.RotaChange{By: "lise", Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{Date: date, Unit: unit}}}
}

func swap(one, other string) *handoverv1.RotaChange {
	return &handoverv1.RotaChange{By: "lise", Action: &handoverv1.RotaChange_Swap{Swap: &handoverv1.RotaSwap{FirstDate: one, SecondDate: other}}}
}

func sick(unit string, until time.Time) *handoverv1.RotaChange {
	return &handoverv1.RotaChange{By: "lise", Action: &handoverv1.RotaChange_Sick{Sick: &handoverv1.RotaSick{Unit: unit, EndTime: timestamppb.New(until)}}}
}

func well(unit string) *handoverv1.RotaChange {
	return &handoverv1.RotaChange{By: "lise", Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{Unit: unit}}}
}

// shifts checks who has the next shifts, as an auditor reads them.
func (e evening) shifts(want ...string) {
	e.T.Helper()
	e.Settle()
	got := apitest.Must[*routingv1.Rota](e.T)(e.Auditor().Directory.GetRota(e.Ctx, &routingv1.GetRotaRequest{Name: "lines/brus/rota"}))
	for i, unit := range want {
		if len(got.Shifts) <= i || got.Shifts[i].Unit != unit {
			e.T.Fatalf("the shifts are %v, want those of %v", got.Shifts, want)
		}
	}
}

// toBrus brings a handover of a child at Cyberhus to BRUS, and returns who is asked there.
func (e evening) toBrus() (handover string, asked []string) {
	e.T.Helper()
	c := e.done(apitest.Placed(e.cyberhus.Intake.OpenConversation(e.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "da", Child: "child", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15},
	}))).Name
	e.cyberhus.Join(c, "mina")
	e.done(apitest.Placed(e.cyberhus.Triage.TagConversation(e.Ctx, &triagev1.TagConversationRequest{
		RequestId: uuid.NewString(), Conversation: c, Add: []string{"FR.x_parent_substance_use"},
	})))
	handover = e.cyberhus.Propose(c, "brus")
	e.cyberhus.Consent(handover)
	for _, sent := range apitest.Logged[*eventv1.OfferSent](e.World, c) {
		asked = append(asked, sent.Unit)
	}
	return handover, asked
}

// asks checks which municipality is asked; empty means none.
func (e evening) asks(unit string) {
	e.T.Helper()
	if _, asked := e.toBrus(); strings.Join(asked, " ") != unit {
		e.T.Errorf("asked is %q, want %q", asked, unit)
	}
}

// TestWhoStaffsALine is who is asked: by its turn, by cover, swap and sickness.
func TestWhoStaffsALine(t *testing.T) {
	e := newEvening(t)
	e.shifts("syddjurs", "aarhus", "odder", "samso", "skive")
	e.asks("syddjurs")
	e.done(e.changing(cover("2026-11-23", "skive"), swap("2026-11-24", "2026-11-25")))
	e.shifts("skive", "odder", "aarhus", "samso")
	e.asks("skive")
	e.done(e.changing(cover("2026-11-23", "")))
	e.asks("")
	if got := e.Availability("brus"); got.Shift.GetUnit() != "" || got.NextShift.GetUnit() != "odder" || got.Channels[0].Open {
		t.Errorf("with nobody there BRUS is %v", got)
	}
	e.Advance(24 * time.Hour)
	e.asks("odder")
	if got := e.Availability("brus"); got.Shift.GetInsteadOf() != "aarhus" || got.Shift.GetReason() != handoverv1.ShiftReason_SHIFT_REASON_SWAP {
		t.Errorf("the shift is %v, want it instead of Aarhus's, swapped", got.Shift)
	}
}

// TestSickAtFiveToSix: the municipality on duty drops out five minutes before the chat opens.
// The next one takes over, until the first is well again.
func TestSickAtFiveToSix(t *testing.T) {
	e := newEvening(t)
	e.Advance(21*time.Hour + 55*time.Minute)
	e.shifts("aarhus", "odder")
	e.done(e.changing(sick("aarhus", e.Clock.Now().Add(48*time.Hour))))
	e.shifts("odder")
	e.asks("")
	e.Advance(5 * time.Minute)
	e.asks("odder")
	if got := e.Availability("brus").Shift; got.GetInsteadOf() != "aarhus" || got.GetReason() != handoverv1.ShiftReason_SHIFT_REASON_SICK {
		t.Errorf("the shift is %v, want it instead of Aarhus's, who are sick", got)
	}
	e.done(e.changing(well("aarhus")))
	e.asks("aarhus")
}

// TestARotaAgain: applying the same file keeps the changes; another file discards them.
func TestARotaAgain(t *testing.T) {
	e := newEvening(t)
	e.done(e.changing(cover("2026-11-23", "skive")))
	e.done(e.applying(rota.BrusFile()))
	e.shifts("skive", "aarhus")
	e.done(e.applying(rota.BrusFile() + "# a comment changes nothing\n"))
	e.shifts("skive", "aarhus")
	request := toApply(strings.Replace(rota.BrusFile(), "Skive kommune", "Skive", 1))
	once := e.done(apitest.Placed(e.brus.Directory.ApplyRota(e.Ctx, request)))
	e.shifts("syddjurs", "aarhus")
	e.done(e.changing(cover("2026-11-23", "odder")))
	if again := e.done(apitest.Placed(e.brus.Directory.ApplyRota(e.Ctx, request))); !proto.Equal(again, once) {
		t.Errorf("answered %v, want %v as before", again, once)
	}
	e.shifts("odder", "aarhus")
	e.Restart(func() { e.Remove(apitest.ReadModels...) })
	e.shifts("odder", "aarhus")
}
