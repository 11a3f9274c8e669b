package handover_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestASlotIsMadeOfInstants, and not longer than a day: what is recorded must be
// readable for good.
func TestASlotIsMadeOfInstants(t *testing.T) {
	s := at(t, "PROPOSED")
	start := timestamppb.New(s.now.Add(time.Hour))
	for field, slot := range map[string]*handoverv1.Slot{
		"slot.start_time": {StartTime: &timestamppb.Timestamp{Seconds: start.Seconds, Nanos: 2_000_000_000}, EndTime: start},
		"slot.end_time":   {StartTime: start, EndTime: &timestamppb.Timestamp{Seconds: start.Seconds + 60, Nanos: -1}},
	} {
		slot.Line = emergency
		if r := s.when(with(s.putOff(first, time.Hour), "Slot", slot)).refused("FIELD_INVALID"); r.Metadata["field"] != field {
			t.Errorf("the refusal says %v, want %s", r.Metadata, field)
		}
	}
	for length, allowed := range map[time.Duration]bool{24 * time.Hour: true, 24*time.Hour + 1: false} {
		slot := &handoverv1.Slot{Line: emergency, StartTime: start, EndTime: timestamppb.New(start.AsTime().Add(length))}
		if o := s.when(with(s.putOff(first, time.Hour), "Slot", slot)); allowed != (o.err == nil) {
			t.Errorf("a slot of %s: %v", length, o.err)
			continue
		}
		s = at(t, "PROPOSED")
	}
}

// TestAConversationHasSoManyHandovers: after that they help nobody.
func TestAConversationHasSoManyHandovers(t *testing.T) {
	s := at(t, "PROPOSED").given(first.cancel())
	s.rules.Handovers = 1
	if r := s.when(handover.ProposeHandover{Line: bullying}).refused("TOO_MANY_HANDOVERS"); r.Metadata["handovers"] != "1" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}

// TestNoTicketForAChildThatHasArrived.
func TestNoTicketForAChildThatHasArrived(t *testing.T) {
	s := at(t, "PROPOSED").given(first.signpost(), issue(bullying, emergency), claim(emergency))
	if r := s.when(issue(bullying, emergency)).refused("NOT_SIGNPOSTED"); r.Metadata["line"] != emergency {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}
