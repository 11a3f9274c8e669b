package evolve

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// remembered is how long a used signature is kept. It exceeds the time for which one counts by more than
// clocks may differ.
const remembered = 2 * handover.SignatureCounts

// signed is an event that two persons may have signed.
type signed interface{ GetPersons() *handoverv1.TwoPersons }

// evolveSignatures remembers which signatures were used.
func evolveSignatures(c handover.Conversation, what proto.Message, at time.Time) {
	of, ok := what.(signed)
	if !ok || of.GetPersons() == nil {
		return
	}
	c.UsedSignatures = slices.DeleteFunc(c.UsedSignatures, func(used *statev1.UsedSignature) bool {
		return !at.Before(used.SignTime.AsTime().Add(remembered))
	})
	for _, word := range of.GetPersons().Words {
		shown := &handoverv1.Shown{}
		if proto.Unmarshal(word.GetSignature().GetShown(), shown) == nil {
			c.UsedSignatures = append(c.UsedSignatures, &statev1.UsedSignature{Nonce: shown.Nonce, SignTime: shown.SignTime})
		}
	}
}

// evolveConsentPosition keeps where the log has the newest event of consent, and the consent on
// which grants rest.
func evolveConsentPosition(c *statev1.Conversation, e *eventv1.Event, position uint64) {
	switch e.Kind.(type) {
	case *eventv1.Event_ConsentAsked, *eventv1.Event_ConsentGiven, *eventv1.Event_ConsentRefused,
		*eventv1.Event_ConsentWithdrawn, *eventv1.Event_ConsentOverridden:
	default:
		return
	}
	h := handover.Of(c).Handover(event.Handover(event.What(e)))
	if !h.Exists() {
		return
	}
	c.ConsentPosition = position
	switch e.Kind.(type) {
	case *eventv1.Event_ConsentGiven, *eventv1.Event_ConsentOverridden:
		h.Consent.Position = position
	}
}
