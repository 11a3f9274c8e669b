package mutation_test

import (
	"slices"
	"testing"

	"github.com/stafett/stafett/tools/internal/mutation"
)

// restsOn is, for each invariant, a guard or a step on which it rests.
//
// I7 and I15 rest on nothing that the decider does: it is never given content,
// and a line that has no contact sends no commands. I9 is what evolve.Commit refuses, which
// its own tests take apart. I11 rests on two guards at once: a supervisor is asked before the child is,
// and no line but an emergency line is ranked before one agreed; the ranking also leaves out who was asked.
var restsOn = []struct{ invariant, guard string }{
	{"I1", "CloseConversation.Decide#1"}, // only the line with custody closes
	{"I2", "ConfirmHandover.Decide#2"},   // "I have it" is said by somebody who is there
	{"I3", "LeaveConversation.Decide#2"}, // the last counsellor stays
	{"I4", mutation.WithdrawOthers},
	{"I5", "AcceptOffer.Decide#2"},    // a late accept is too late
	{"I6", "opening#3"},               // only the line that accepted opens the packet
	{"I8", mutation.Remembered},       //
	{"I10", "RecordDuty.Decide#2"},    // the other line's report is none of one's own
	{"I12", mutation.FromEvents},      //
	{"I13", "RequireConsent#1"},       // after the child's no nothing goes on
	{"I13", "Handover.Stopped=false"}, //
	{"I14", mutation.NotWhenClosed},   //
	{"I20", "mayOverride#2"},          // an override is for danger
	{"I20", "mayOverride#3"},          // and never takes the transcript
	{"TICKET", "claimable#1"},         // a ticket works once
	{"ORDER", "mayPropose#1"},         // one handover at a time

	{"CONSULTATION", "AskConsultation.mayAsk#1"}, // no advice about a child who is being handed over
}

// TestEveryInvariantRestsOnAGuard: without it, the simulator finds this very
// invariant broken. All guards are taken out by go run ./tools/mutate.
func TestEveryInvariantRestsOnAGuard(t *testing.T) {
	programs, err := mutation.Build("../../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("group", func(t *testing.T) {
		for _, one := range restsOn {
			t.Run(one.invariant+" "+one.guard, func(t *testing.T) {
				t.Parallel()
				if !slices.Contains(programs.Names(), one.guard) {
					t.Fatalf("there is no guard %s any more; name the one that %s rests on now", one.guard, one.invariant)
				}
				if found := programs.Simulated(one.guard, one.invariant, 20000); !slices.Contains(found, one.invariant) {
					t.Errorf("without it the simulator finds %v broken, want %s", found, one.invariant)
				}
			})
		}
	})
	if found := programs.Simulated("nothing", "", 500); found != nil {
		t.Errorf("with every guard in place the simulator finds %v broken", found)
	}
}
