package invariant_test

import (
	"maps"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// enough is how many different planted faults the checker finds at the least.
const enough = 300

// harmless are the planted faults that break no promise, and why.
var harmless = map[string]string{
	"ConversationOpened.area":             "the child may be anywhere",
	"ConversationOpened.protocol":         "a later version promises as much",
	"AccessGranted twice":                 "a grant may be repeated",
	"ConsultationAccepted.participant":    "who advises is nobody in the conversation",
	"ConsultationBriefed twice":           "a line may tell the same again",
	"DutyRecorded twice":                  "a line may decide again",
	"RiskAssessed twice":                  "a line may assess again",
	"LinePublished twice":                 "a line may publish its facts again",
	"PacketSealed twice":                  "a part may be replaced before the child's yes",
	"PacketOpened twice":                  "the receiver may read again",
	"SupervisorTold twice":                "supervisors may be told twice",
	"ConversationTagged twice":            "topics are a set",
	"HandoverRecommended twice":           "the newest recommendation counts",
	"DisappearanceDecided twice":          "a line may decide again",
	"RecommendationWithdrawn twice":       "nothing is recommended either way",
	"ConversationTagged.taxonomy_version": "any version may be in use",
	"DisappearanceDecided.participant":    "whoever decides need not be in the conversation",
	"SenderLost.bridge_time":              "the deadline beside it is what counts",

	"EmergencyCalled.participant":     "whoever calls help need not be in the conversation",
	"EmergencyConfirmed.participant":  "whoever knows that help came need not be in the conversation",
	"EmergencyEnded.participant":      "names of earlier histories; brokenPersons has signatures",
	"EmergencyEnded.second_person":    "names of earlier histories; brokenPersons has signatures",
	"ConsentOverridden.participant":   "names of earlier histories; brokenPersons has signatures",
	"ConsentOverridden.second_person": "names of earlier histories; brokenPersons has signatures",
	"HopApproved.supervisor":          "names of earlier histories; brokenPersons has signatures",
}

// ofLines happen to lines, and LogRecovered to the log: seats_test, broken_log_test and withdrawals
// spoil those.
var ofLines = []protoreflect.Name{
	"LinePublished", "LineRemoved", "LineClosed", "LineReopened", "LineSuspended", "LineReinstated", "CapacityReported", "SeatLeased",
	"RotaPublished", "RotaChanged", "TicketRefused", "LineKeyPublished", "LineKeyRetired", "LineKeyRevoked", "StaffKeyRegistered",
	"StaffKeyRevoked", "LogRecovered",
}

// TestPlantedFaults plants faults into every event of the sound histories: for each kind, and for
// each of its fields, as the API defines it. So a new kind or field is not forgotten: either the
// checker finds its faults in some history, or the table above says why they are harmless.
func TestPlantedFaults(t *testing.T) {
	found := map[string]bool{}
	for _, of := range sound {
		plantInto(t, of(), found)
	}
	caught := 0
	for _, name := range slices.Sorted(maps.Keys(found)) {
		switch why, excused := harmless[name]; {
		case found[name]:
			caught++
		case !excused:
			t.Errorf("%s: the checker does not find it", name)
		case why == "":
			t.Errorf("%s: say why it is harmless", name)
		}
	}
	for name := range harmless {
		if found[name] {
			t.Errorf("%s is found, so it is not harmless", name)
		}
	}
	if t.Logf("%d different faults are found, %d are harmless", caught, len(harmless)); caught < enough {
		t.Errorf("%d faults are found, want at least %d", caught, enough)
	}
}

// plantInto notes which faults are found in a history. Those that were found before are not planted again.
func plantInto(t *testing.T, whole *story, found map[string]bool) {
	for c, a := range whole.appends {
		for e := range a.Events {
			for _, fault := range faultsOf(inside(a.Events[e]).ProtoReflect().Descriptor()) {
				if found[fault.name] {
					continue
				}
				if s := whole.clone(); fault.plant(s, c, e) {
					found[fault.name] = invariant.Check(s.sealed(t)).Err() != nil
				}
			}
		}
	}
}

// TestEveryKindOfEventIsTold: a kind or a deadline that no sound history has cannot be spoilt.
func TestEveryKindOfEventIsTold(t *testing.T) {
	told := map[protoreflect.Name]bool{}
	for _, of := range sound {
		for _, a := range of().appends {
			for _, e := range a.Events {
				m := inside(e).ProtoReflect()
				told[m.Descriptor().Name()] = true
				m.Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
					told[m.Descriptor().Name()+"."+f.Name()] = true
					return true
				})
			}
		}
	}
	kinds := (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	for i := range kinds.Len() {
		kind := kinds.Get(i)
		owner, _ := proto.GetExtension(kind.Options(), eventv1.E_Owner).(string)
		if name := kind.Message().Name(); !told[name] && !slices.Contains(ofLines, name) && owner != "audit" {
			t.Errorf("no sound history has %s", name)
		}
		for j := range kind.Message().Fields().Len() {
			f := kind.Message().Fields().Get(j)
			if name := kind.Message().Name() + "." + f.Name(); told[kind.Message().Name()] && isTime(f) && !told[name] {
				t.Errorf("no sound history has %s", name)
			}
		}
	}
}
