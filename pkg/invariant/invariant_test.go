package invariant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// all are the names of every invariant that a history shows.
var all = []string{"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I13", "I14", "I16", "I17", "I18", "I19", "I20", "CONSULTATION", "DESCRIPTION", "ORDER", "OWN", "TICKET", "VOICE"}

var sound = map[string]func() *story{
	"corrected": corrected, "promise lost": promiseLost, "warm": warm, "two keys": twoKeys, "attested": attested, "race": race, "nobody": nobody, "withdrawn": withdrawn, "refused": refused,
	"chain": chain, "preempted": preempted, "dropped": dropped,
	"abandoned": abandoned, "resumed": resumed, "deferred": deferred, "called off": calledOff, "cancelled": cancelled,
	"called": called, "helped": helped, "called after no": calledAfterNo, "spent": spent, "signposted": signposted,
	"overridden": overridden, "imminent": imminent, "slow": slow, "extended": extended, "unreachable": unreachable,
	"back": back, "legs": legs, "alone": alone, "at a closed door": atDoor, "left at the door": leftAtDoor, "unled": unled, "vanished": vanished, "tagged": tagged, "late": late, "hastened": hastened, "given back": givenBack, "stays": stays, "hastened later": hastenedLater, "away in the bridge": awayInBridge,
	"advice": advice, "no advice": noAdvice, "advice too late": adviceTooLate, "spoken": spoken,
}

// A sound history has no violation, wherever it ends.
func TestSound(t *testing.T) {
	for name, tell := range sound {
		t.Run(name, func(t *testing.T) {
			history := tell().sealed(t)
			for n := range history {
				if err := invariant.Check(history[:n+1]).Err(); err != nil {
					t.Errorf("after %d commits: %v", n+1, err)
				}
			}
		})
	}
}

// Two conversations and the directory lie in one log, mixed.
func TestSoundTogether(t *testing.T) {
	s := directory()
	other := strings.Replace(conversation, "0", "f", 1)
	for _, a := range chain().appends {
		a.Subject = other
		s.appends = append(s.appends, a)
	}
	s.appends = append(s.appends, warm().appends...)
	slices.SortStableFunc(s.appends[1:], func(a, b *eventv1.Commit) int {
		return a.RecordTime.AsTime().Compare(b.RecordTime.AsTime())
	})
	if err := invariant.Check(s.sealed(t)).Err(); err != nil {
		t.Error(err)
	}
}

func directory() *story {
	s := begin().tell("service/routing", &eventv1.LinePublished{Line: &handoverv1.Line{
		Name: "lines/" + emergency, DisplayNames: map[string]string{"nb": "Alarmtelefonen for barn og unge"},
	}})
	s.appends[0].Subject = "stafett.line." + emergency
	return s
}

func TestReportSaysWhatWasChecked(t *testing.T) {
	history := append(twoKeys().sealed(t), elsewhere(t, withdrawn(), 1)...)
	history = append(append(history, elsewhere(t, legs(), 2)...), elsewhere(t, helped(), 3)...)
	history = append(history, elsewhere(t, corrected(), 5)...)
	report := invariant.Check(append(history, elsewhere(t, warm(), 4)...))
	if !slices.Equal(report.Checked, all) {
		t.Errorf("checked %v, want %v", report.Checked, all)
	}
	if len(report.Skipped) > 0 {
		t.Errorf("skipped %v", report.Skipped)
	}
	if got := invariant.Check(nil); len(got.Checked) > 0 || got.Err() != nil {
		t.Errorf("an empty history gave %+v", got)
	}
}

// elsewhere is a story told in the n-th other conversation, later in the log.
func elsewhere(t *testing.T, s *story, n int) []invariant.Recorded {
	for _, a := range s.appends {
		a.Subject = fmt.Sprintf("stafett.conversation.%032x", n)
	}
	history := s.sealed(t)
	for i := range history {
		history[i].Position += uint64(1000 * n)
	}
	return history
}

func TestReportSaysWhatWasSkipped(t *testing.T) {
	history := warm().sealed(t)
	history[3].Payload = nil
	report := invariant.Check(history)
	if len(report.Skipped) != 1 || !strings.HasPrefix(report.Skipped[0], "I9: hash chain over 1 of ") {
		t.Errorf("skipped %q", report.Skipped)
	}
	if err := report.Err(); err != nil {
		t.Error(err)
	}
}

func TestErrNamesPlace(t *testing.T) {
	s := warm()
	change(func(k *eventv1.CustodyTransferred) { k.ToEpoch = 3 })(s)
	err := invariant.Check(s.sealed(t)).Err()
	want := "I1 at position 28 in conversations/0123456789abcdef0123456789abcdef: epoch went from 1 to 3 while it was 1"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A commit that could not be read at all is a finding, not a crash.
func TestUnreadable(t *testing.T) {
	report := invariant.Check([]invariant.Recorded{{Position: 1}})
	if report.Err() == nil {
		t.Error("nothing was found")
	}
}
