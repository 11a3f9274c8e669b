package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Threshold is the default for the smallest count that is shown.
const Threshold = 5

// smallest is the minimum threshold: below it, a figure can be one child.
const smallest = 3

// Events are the kinds of events that Figures needs.
var Events = []string{
	"ConversationOpened", "CustodyOpened", "ParticipantJoined", "HandoverProposed", "ConsentGiven", "ConsentOverridden",
	"OfferSent", "OfferAccepted", "OfferDeclined", "OfferTimedOut", "OfferUnreachable", "OfferWithdrawn", "ReceiverJoined",
	"CustodyTransferred", "HandoverReturned", "OutcomeReported",
	"ConsultationAsked", "ConsultationAnswered", "ConsultationDeclined", "ConsultationExpired", "ConsultationWithdrawn",
}

// Figures counts what happened in the conversations that opened within a period.
type Figures struct {
	from, to  time.Time
	threshold int
	tally     *tally
	open      map[string]*conversation
}

// conversation is the state that counting needs of one.
type conversation struct {
	entry     string
	opened    time.Time
	met       bool
	holders   map[string]bool
	handovers map[uint32]*attempt
	// advisers are the lines that were consulted, by number.
	advisers map[uint32]string
}

// attempt is the state that counting needs of a handover.
type attempt struct {
	from, to string
	agreed   time.Time
	asked    map[uint32]string
}

// NewFigures counts conversations that opened at or after one instant and before another;
// a zero time means unbounded. Counts below the threshold are suppressed.
func NewFigures(from, to time.Time, threshold int) (*Figures, error) {
	if threshold < smallest {
		return nil, fmt.Errorf("a threshold of %d would tell of single children; write %d or more", threshold, smallest)
	}
	return &Figures{from: from, to: to, threshold: threshold, tally: newTally(), open: map[string]*conversation{}}, nil
}

func (f *Figures) Figures() []Figure { return f.tally.figures(f.threshold) }

// Add reads a commit. Commits must come in the order of the log. Conversations that opened
// before the period are ignored, so reading may begin with it.
func (f *Figures) Add(stored *auditv1.StoredCommit) error {
	subject, at := stored.Commit.Subject, stored.Commit.RecordTime.AsTime()
	for _, e := range stored.Commit.Events {
		if opened := e.GetConversationOpened(); opened != nil && f.within(at) {
			f.open[subject] = &conversation{entry: opened.Line, opened: at, holders: map[string]bool{opened.Line: true}, handovers: map[uint32]*attempt{}, advisers: map[uint32]string{}}
			f.tally.count("conversations_opened", opened.Line, "")
		}
		if c := f.open[subject]; c != nil {
			f.event(c, e, at)
		}
	}
	return nil
}

func (f *Figures) within(at time.Time) bool {
	return (f.from.IsZero() || !at.Before(f.from)) && (f.to.IsZero() || at.Before(f.to))
}

func (f *Figures) event(c *conversation, e *eventv1.Event, at time.Time) {
	switch kind := e.Kind.(type) {
	case *eventv1.Event_ParticipantJoined:
		if kind.ParticipantJoined.Role == handoverv1.Role_ROLE_COUNSELLOR && !c.met {
			c.met = true
			f.tally.took("time_to_human", c.entry, at.Sub(c.opened))
		}
	case *eventv1.Event_HandoverProposed:
		c.handovers[kind.HandoverProposed.Handover] = &attempt{from: kind.HandoverProposed.FromLine, asked: map[uint32]string{}}
		f.tally.count("handovers_proposed", kind.HandoverProposed.FromLine, "")
	case *eventv1.Event_CustodyTransferred:
		to := kind.CustodyTransferred.ToLine
		f.tally.count("handovers_received", to, "")
		if c.holders[to] {
			f.tally.count("bounces", to, "")
		}
		c.holders[to] = true
	case *eventv1.Event_ConsultationAsked:
		c.advisers[kind.ConsultationAsked.Consultation] = kind.ConsultationAsked.Line
		f.tally.count("consultations_asked", kind.ConsultationAsked.FromLine, "")
	case *eventv1.Event_ConsultationAnswered:
		f.consulted(c, kind.ConsultationAnswered, strings.TrimPrefix(kind.ConsultationAnswered.Answer.String(), "CONSULTATION_ANSWER_"))
	case *eventv1.Event_ConsultationDeclined:
		f.consulted(c, kind.ConsultationDeclined, "DECLINED")
	case *eventv1.Event_ConsultationExpired:
		f.consulted(c, kind.ConsultationExpired, "EXPIRED")
	case *eventv1.Event_ConsultationWithdrawn:
		f.consulted(c, kind.ConsultationWithdrawn, "WITHDRAWN")
	default:
		if h := c.handovers[event.Handover(event.What(e))]; h != nil {
			f.handover(h, e, at)
		}
	}
}

// consulted counts how a line advised, apart from handovers.
func (f *Figures) consulted(c *conversation, k event.OfConsultation, how string) {
	f.tally.count("consultations", c.advisers[k.GetConsultation()], how)
}

func (f *Figures) handover(h *attempt, e *eventv1.Event, at time.Time) {
	switch kind := e.Kind.(type) {
	case *eventv1.Event_ConsentGiven, *eventv1.Event_ConsentOverridden:
		h.agreed = at
	case *eventv1.Event_ReceiverJoined:
		if !h.agreed.IsZero() {
			f.tally.took("time_to_receiver", h.from, at.Sub(h.agreed))
		}
	case *eventv1.Event_HandoverReturned:
		f.tally.count("returned", h.from, strings.TrimPrefix(kind.HandoverReturned.Reason.String(), "RETURN_REASON_"))
	case *eventv1.Event_OutcomeReported:
		f.tally.count("outcomes", h.to, strings.TrimPrefix(kind.OutcomeReported.Outcome.String(), "OUTCOME_"))
	default:
		f.offer(h, e)
	}
}

func (f *Figures) offer(h *attempt, e *eventv1.Event) {
	of, ok := event.What(e).(interface{ GetOffer() uint32 })
	if !ok {
		return
	}
	if sent := e.GetOfferSent(); sent != nil {
		h.asked[sent.Offer] = sent.Line
		return
	}
	line := h.asked[of.GetOffer()]
	switch kind := e.Kind.(type) {
	case *eventv1.Event_OfferAccepted:
		h.to = line
		f.answered(line, "ACCEPTED")
	case *eventv1.Event_OfferDeclined:
		f.answered(line, "DECLINED")
		f.tally.count("declined", line, strings.TrimPrefix(kind.OfferDeclined.Code.String(), "DECLINE_CODE_"))
	case *eventv1.Event_OfferTimedOut:
		f.answered(line, "TIMED_OUT")
	case *eventv1.Event_OfferUnreachable:
		f.answered(line, "UNREACHABLE")
	case *eventv1.Event_OfferWithdrawn:
		f.tally.count("offers_withdrawn", line, "")
	}
}

// answered counts offers that ended by the line's answer, or by its silence. Rates use
// only these: a line cannot answer an offer that was withdrawn.
func (f *Figures) answered(line, how string) {
	f.tally.count("offers_answered", line, "")
	f.tally.part("offers", line, how, key{"offers_answered", line, ""})
}
