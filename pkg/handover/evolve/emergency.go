package evolve

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveEmergency applies the events of an emergency, which stands beside the handovers. In
// earlier histories they name the handover that became the emergency.
func evolveEmergency(c handover.Conversation, what proto.Message, at time.Time) {
	if h := c.Handover(event.Handover(what)); h.Exists() {
		evolveHandover(c, h, what.(event.OfHandover), at)
		return
	}
	switch what := what.(type) {
	case *eventv1.EmergencyCalled:
		called(c, what, at)
	case *eventv1.EmergencyOverdue:
		if c.Emergency != nil {
			c.Emergency.ReviewDeadline = what.Deadline
		}
	case *eventv1.EmergencyConfirmed, *eventv1.EmergencyEnded:
		c.Emergency = nil
	}
}

func called(c handover.Conversation, what *eventv1.EmergencyCalled, at time.Time) {
	if c.Emergency == nil {
		c.Emergency = &statev1.Emergency{Line: what.Line, Participant: what.Participant, CallTime: timestamppb.New(at)}
	}
	c.Emergency.ReviewDeadline = what.Deadline
	if !slices.Contains(c.Emergency.Services, what.Service) {
		c.Emergency.Services = append(c.Emergency.Services, what.Service)
	}
}
