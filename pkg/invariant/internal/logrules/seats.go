package logrules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// seats checks SEAT: no line whose seats are unknown or all taken is asked, unless it is
// an emergency line, and none that has closed at short notice. In chat and on the phone
// a seat is set aside before an offer is sent, and no more than the desks said are free.
// It can be checked where a history has the lines' own events.
type seats struct {
	rule.Base
	lines    map[string]*lineSeats
	channels map[string]handoverv1.Channel // of handovers, by name
	named    map[string][]string           // lines that the sender asks for, by handover
	imminent map[string]bool               // whether the risk is, by conversation
}

func NewSeats(f rule.Base) rule.Reader {
	return &seats{f, map[string]*lineSeats{}, map[string]handoverv1.Channel{}, map[string][]string{}, map[string]bool{}}
}

func (s *seats) Read(at facts.Mark, r facts.Stored) {
	if id, ok := strings.CutPrefix(at.Subject, facts.LineSubject); ok {
		for _, e := range r.GetEvents() {
			s.ofLine(at, id, e)
		}
		return
	}
	conversation := "conversations/" + strings.TrimPrefix(at.Subject, facts.ConversationSubject)
	for _, e := range r.GetEvents() {
		if assessed := e.GetRiskAssessed(); assessed != nil {
			s.imminent[conversation] = assessed.GetLevel() == handoverv1.RiskLevel_RISK_LEVEL_R4
		}
		if kind, ok := facts.KindOf(e).(event.OfHandover); ok {
			s.ofHandover(at, fmt.Sprintf("%s/handovers/%d", conversation, kind.GetHandover()), kind)
		}
	}
}

func (s *seats) ofLine(at facts.Mark, id string, e *eventv1.Event) {
	line := s.lines[id]
	if line == nil {
		line = &lineSeats{taken: map[string]*takenSeat{}}
		s.lines[id] = line
	}
	switch kind := facts.KindOf(e).(type) {
	case *eventv1.LinePublished:
		line.emergency = kind.GetLine().GetEmergency()
	case *eventv1.CapacityReported:
		line.report = kind
		line.drop(func(_ string, t *takenSeat) bool { return t.joined })
	case *eventv1.LineClosed:
		line.closures = append(line.closures, kind.GetClosure())
	case *eventv1.LineReopened:
		line.closures = nil
	case *eventv1.SeatLeased:
		s.Applies()
		line.drop(func(offer string, t *takenSeat) bool { return !t.sent && slices.Contains(kind.GetEnded(), offer) })
		s.leased(at, id, line, kind)
	}
}

// ofHandover follows the offers of a handover with a name.
func (s *seats) ofHandover(at facts.Mark, name string, kind event.OfHandover) {
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		s.channels[name], s.named[name] = k.GetHeader().GetChannel(), k.GetCandidates()
	case *eventv1.OfferSent:
		s.sent(at, name, k)
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferUnreachable, *eventv1.OfferWithdrawn:
		s.preempted(at, name, k)
		s.free(fmt.Sprintf("%s/offers/%d", name, k.(event.OfOffer).GetOffer()))
	case *eventv1.OfferAccepted:
		s.free(name)
		s.each(name, func(_ *lineSeats, offer string, t *takenSeat) {
			t.accepted = t.accepted || offer == fmt.Sprintf("%s/offers/%d", name, k.GetOffer())
		})
	case *eventv1.ReceiverJoined:
		s.each(name, func(_ *lineSeats, _ string, t *takenSeat) { t.joined = true })
	}
	if facts.Stays(kind) {
		s.free(name)
		s.each(name, func(l *lineSeats, offer string, t *takenSeat) {
			if !t.joined {
				delete(l.taken, offer)
			}
		})
	}
}

// sent checks that a seat was set aside for an offer.
func (s *seats) sent(at facts.Mark, handover string, k *eventv1.OfferSent) {
	line := s.lines[k.GetLine()]
	channel := s.channels[handover]
	if line == nil || channel != handoverv1.Channel_CHANNEL_CHAT && channel != handoverv1.Channel_CHANNEL_PHONE {
		return
	}
	s.Applies()
	taken := line.taken[fmt.Sprintf("%s/offers/%d", handover, k.GetOffer())]
	if taken == nil {
		s.Violated(at, "%s was asked and no seat there was set aside", k.GetLine())
		return
	}
	if victim := line.taken[taken.preempts]; victim != nil {
		s.Violated(at, "%s was asked at the seat of %s, which was not withdrawn", k.GetLine(), taken.preempts)
	}
	s.free(handover)
	taken.sent = true
}

func (s *seats) free(offer string) {
	for _, line := range s.lines {
		delete(line.taken, offer)
	}
}

// each calls for the seats that offers of a handover have or had.
func (s *seats) each(handover string, do func(*lineSeats, string, *takenSeat)) {
	for _, line := range s.lines {
		for offer, t := range line.taken {
			if t.sent && strings.HasPrefix(offer, handover+"/") {
				do(line, offer, t)
			}
		}
	}
}

// Forget lets go of a conversation's handovers.
func (s *seats) Forget(subject string) {
	conversation := "conversations/" + strings.TrimPrefix(subject, facts.ConversationSubject) + "/"
	delete(s.imminent, strings.TrimSuffix(conversation, "/"))
	for name := range s.channels {
		if strings.HasPrefix(name, conversation) {
			delete(s.channels, name)
			delete(s.named, name)
		}
	}
}
