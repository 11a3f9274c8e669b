package command_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestASlotIsMadeOfInstants, and not longer than a day: what is recorded must be
// readable for good.
func TestASlotIsMadeOfInstants(t *testing.T) {
	s := story.At(t, "PROPOSED")
	start := timestamppb.New(s.Now.Add(time.Hour))
	for field, slot := range map[string]*handoverv1.Slot{
		"slot.start_time": {StartTime: &timestamppb.Timestamp{Seconds: start.Seconds, Nanos: 2_000_000_000}, EndTime: start},
		"slot.end_time":   {StartTime: start, EndTime: &timestamppb.Timestamp{Seconds: start.Seconds + 60, Nanos: -1}},
	} {
		slot.Line = story.Emergency
		if r := s.When(story.With(s.PutOff(story.First, time.Hour), "Slot", slot)).Refused("FIELD_INVALID"); r.Metadata["field"] != field {
			t.Errorf("the refusal says %v, want %s", r.Metadata, field)
		}
	}
	for length, allowed := range map[time.Duration]bool{24 * time.Hour: true, 24*time.Hour + 1: false} {
		slot := &handoverv1.Slot{Line: story.Emergency, StartTime: start, EndTime: timestamppb.New(start.AsTime().Add(length))}
		if o := s.When(story.With(s.PutOff(story.First, time.Hour), "Slot", slot)); allowed != (o.Err == nil) {
			t.Errorf("a slot of %s: %v", length, o.Err)
			continue
		}
		s = story.At(t, "PROPOSED")
	}
}

// TestAConversationHasSoManyHandovers: after that they help nobody.
func TestAConversationHasSoManyHandovers(t *testing.T) {
	s := story.At(t, "PROPOSED").Given(story.First.Cancel())
	s.Rules.Handovers = 1
	if r := s.When(command.ProposeHandover{Line: story.Bullying}).Refused("TOO_MANY_HANDOVERS"); r.Metadata["handovers"] != "1" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}

// TestNoTicketForAChildThatHasArrived.
func TestNoTicketForAChildThatHasArrived(t *testing.T) {
	s := story.At(t, "PROPOSED").Given(story.First.Signpost(), story.Issue(story.Bullying, story.Emergency), story.Claim(story.Emergency))
	if r := s.When(story.Issue(story.Bullying, story.Emergency)).Refused("NOT_SIGNPOSTED"); r.Metadata["line"] != story.Emergency {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}
