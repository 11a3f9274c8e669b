package logrules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// leased checks a reservation, which may take over the seat of an offer of lower risk.
func (s *seats) leased(at facts.Mark, id string, line *lineSeats, kind *eventv1.SeatLeased) {
	handover, _, _ := strings.Cut(kind.GetOffer(), "/offers/")
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	imminent, victim := s.imminent[conversation], line.taken[kind.GetPreempts()]
	line.unclaim(at.Time)
	if kind.GetPreempts() != "" && !imminent {
		s.Violated(at, "%s takes over a seat without imminent danger", kind.GetOffer())
	}
	if victim != nil && victim.claimed {
		s.Violated(at, "the seat of %s was taken over twice", kind.GetPreempts())
	}
	if victim != nil {
		victim.claimed = true
	}
	if fault := line.fault(at.Time, kind.GetChannel(), child{conversation, imminent, slices.Contains(s.named[handover], id)}); fault != "" {
		s.Violated(at, "a seat was set aside for %s %s", kind.GetOffer(), fault)
	}
	line.taken[kind.GetOffer()] = &takenSeat{channel: kind.GetChannel(), since: at.Time, preempts: kind.GetPreempts()}
}

// preempted checks an offer that lost its seat to a child in imminent danger: no person had accepted it, and the line's
// next seat is for its handover.
func (s *seats) preempted(at facts.Mark, handover string, k event.OfHandover) {
	withdrawn, ok := k.(*eventv1.OfferWithdrawn)
	if !ok || !facts.IsPreempted(withdrawn) {
		return
	}
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	if s.imminent[conversation] {
		s.Violated(at, "%s lost a seat in imminent danger", handover)
	}
	offer := fmt.Sprintf("%s/offers/%d", handover, withdrawn.GetOffer())
	for _, line := range s.lines {
		lost := line.taken[offer]
		if lost == nil {
			continue
		}
		if !lost.claimed || lost.accepted {
			s.Violated(at, "%s lost its seat, which nobody needed or which was accepted", offer)
		}
		line.taken[handover] = &takenSeat{channel: lost.channel, since: at.Time, owed: true}
	}
}
