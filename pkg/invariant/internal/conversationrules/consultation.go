package conversationrules

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// consultation checks CONSULTATION: whoever has custody asks, while nothing is being handed over; the line that is
// asked, and nobody else, takes it, answers or declines; it ends once and in time; no custody moves meanwhile, and
// nothing that it is told tells one child from another.
type consultation struct {
	rule.Base
	*facts.Facts
	all []*consulted
}

// consulted is one consultation.
type consulted struct {
	asked facts.Mark
	// from asks line.
	from, line string
	state      handoverv1.OfferState
	alerts     uint32
	// awaited is until when somebody has to do something.
	awaited  map[what]time.Time
	answered bool
	over     bool
	late     bool
}

// lasts is how long a consultation may take.
const lasts = 10 * time.Minute

const (
	advice what = "the advice of a line"
	ending what = "the end of a consultation"
)

// consultationID is the form of a random id.
var consultationID = regexp.MustCompile(`^[0-9a-f]{32}$`)

func NewConsultation(f rule.Base, known *facts.Facts) rule.Walker {
	return &consultation{Base: f, Facts: known}
}

func (c *consultation) Event(s facts.Step) {
	if c.look(s.Time) {
		c.open().late = true
	}
	fault := ""
	switch k := s.Kind.(type) {
	case *eventv1.ConsultationAsked:
		c.Applies()
		fault = c.asks(s, k)
		c.begins(s, k)
	case event.OfConsultation:
		fault = c.goesOn(s, k)
	case *eventv1.HandoverProposed:
		c.Applies()
		fault = c.follows(k)
	case *eventv1.CustodyTransferred:
		fault = unless(c.open() == nil, "although a line is being consulted")
	case *eventv1.ConversationClosed:
		if o := c.open(); o != nil {
			o.awaited = map[what]time.Time{ending: s.Time}
		}
	}
	if fault != "" {
		c.Violated(s.Mark, "%s %s", s.Kind.ProtoReflect().Descriptor().Name(), fault)
	}
}

// open is the consultation that has not ended, or nil.
func (c *consultation) open() *consulted {
	if n := len(c.all); n > 0 && !c.all[n-1].over {
		return c.all[n-1]
	}
	return nil
}

func (c *consultation) asks(s facts.Step, k *eventv1.ConsultationAsked) string {
	switch {
	case int(k.GetConsultation()) != len(c.all)+1:
		return "out of turn"
	case !consultationID.MatchString(k.GetId()):
		return "without a random id"
	case k.GetFromLine() != c.Holder || callingLine(s.Commit.GetCaller()) != c.Holder:
		return "by a line without custody"
	case k.GetLine() == "" || k.GetLine() == k.GetFromLine():
		return "of no other line"
	case !c.Present.Counsellor(k.GetFromLine(), k.GetParticipant()):
		return "by somebody who is not there"
	case k.GetHeader().GetArea() != "":
		return "with the child's area"
	case c.open() != nil || c.HandingOver():
		return "while another line is consulted, or takes the child"
	}
	return c.asksTooLong(s, k)
}

func (c *consultation) asksTooLong(s facts.Step, k *eventv1.ConsultationAsked) string {
	after := func(a, b *timestamppb.Timestamp) bool { return a != nil && a.AsTime().After(b.AsTime()) }
	if k.GetDeadline().AsTime().Sub(s.Time) > lasts || after(k.GetOfferDeadline(), k.GetDeadline()) ||
		after(k.GetDeliveryDeadline(), k.GetOfferDeadline()) || after(k.GetAlertDeadline(), k.GetOfferDeadline()) {
		return "for longer than it may last"
	}
	return ""
}

func (c *consultation) begins(s facts.Step, k *eventv1.ConsultationAsked) {
	o := &consulted{asked: s.Mark, from: k.GetFromLine(), line: k.GetLine(), state: 1, alerts: 1, awaited: map[what]time.Time{}}
	o.await(answer, k.GetOfferDeadline())
	o.await(delivery, k.GetDeliveryDeadline())
	o.await(alert, k.GetAlertDeadline())
	o.await(advice, k.GetDeadline())
	c.all = append(c.all, o)
}

func (o *consulted) await(for_ what, until *timestamppb.Timestamp) {
	if delete(o.awaited, for_); until != nil {
		o.awaited[for_] = until.AsTime()
	}
}

// goesOn says what is wrong with an event after the first, or nothing.
func (c *consultation) goesOn(s facts.Step, k event.OfConsultation) string {
	o := c.open()
	if o == nil || int(k.GetConsultation()) != len(c.all) {
		return "of a consultation that is not open"
	}
	line := callingLine(s.Commit.GetCaller())
	switch k := k.(type) {
	case *eventv1.ConsultationBriefed:
		return unless(o.state == ready && k.GetLine() == line && (line == o.from || line == o.line), "by a line that does not advise or is not advised")
	case *eventv1.ConsultationAlerted:
		return o.alerted(s, k, line)
	case *eventv1.ConsultationExpired:
		o.over = true
		return unless(line == "" && o.expires(s.Time, k.GetState()), "before its time, or by a line")
	case *eventv1.ConsultationWithdrawn:
		o.over = true
		return unless(c.mayWithdraw(s, k, o, line), "by somebody who may not")
	}
	if line != o.line {
		return "by another line than the one that was asked"
	}
	return o.takes(s, k)
}

const ready = handoverv1.OfferState_OFFER_STATE_ACCEPTED

func (o *consulted) alerted(s facts.Step, k *eventv1.ConsultationAlerted, line string) string {
	due, waits := o.awaited[alert]
	o.alerts++
	o.await(alert, k.GetAlertDeadline())
	return unless(line == "" && waits && !s.Time.Before(due) && k.GetAlert() == o.alerts, "out of turn")
}

// expires tells whether the time for what somebody should have done is over.
func (o *consulted) expires(now time.Time, state handoverv1.OfferState) bool {
	for_ := map[handoverv1.OfferState]what{
		handoverv1.OfferState_OFFER_STATE_UNREACHABLE: delivery, handoverv1.OfferState_OFFER_STATE_TIMED_OUT: answer, ready: advice,
	}[state]
	due, waits := o.awaited[for_]
	return waits && !now.Before(due) && (state == ready) == (o.state == ready)
}

// mayWithdraw: the line that asked; the platform, if the other line can no longer answer or the conversation has closed;
// and whoever hands over.
func (c *consultation) mayWithdraw(s facts.Step, k *eventv1.ConsultationWithdrawn, o *consulted, line string) bool {
	_, handsOver := facts.Find[*eventv1.HandoverProposed](s.Commit)
	service := strings.Contains(s.Commit.GetCaller(), "/service/")
	if k.GetReason() != 0 {
		return service && o.state != ready
	}
	return line == o.from || handsOver || service && c.Holder == ""
}

// takes applies what the line that was asked does.
func (o *consulted) takes(s facts.Step, k event.OfConsultation) string {
	switch k := k.(type) {
	case *eventv1.ConsultationAcknowledged:
		before := o.state
		o.state = k.GetState()
		delete(o.awaited, delivery)
		return unless(before < o.state && o.state < ready, "again, or after the accept")
	case *eventv1.ConsultationAccepted:
		due, before := o.awaited[answer], o.state
		o.state = ready
		delete(o.awaited, answer)
		delete(o.awaited, delivery)
		delete(o.awaited, alert)
		return unless(before < ready && s.Time.Before(due) && k.GetParticipant() != "", "again, by nobody, or too late")
	case *eventv1.ConsultationAnswered:
		o.over, o.answered = true, true
		return unless(o.state == ready && k.GetAnswer() != 0 && s.Time.Before(o.awaited[advice]), "too late, without an answer, or by a line that had not accepted")
	case *eventv1.ConsultationDeclined:
		o.over = true
		return unless(k.GetCode() != 0, "without a code")
	}
	return ""
}

// follows says what is wrong with a handover beside a consultation, or after one.
func (c *consultation) follows(k *eventv1.HandoverProposed) string {
	if c.open() != nil {
		return "although a line is being consulted"
	}
	n := int(k.GetAfterConsultation())
	if n == 0 {
		return ""
	}
	if n > len(c.all) || !c.all[n-1].answered || c.all[n-1].from != k.GetFromLine() || !slices.Equal(k.GetCandidates(), []string{c.all[n-1].line}) {
		return "after a consultation that has no answer, or for another line"
	}
	return ""
}

// look finds what was not done in time, and reports whether there was anything.
func (c *consultation) look(now time.Time) bool {
	o := c.open()
	if o == nil || o.late {
		return false
	}
	for _, for_ := range []what{answer, delivery, alert, advice, ending} {
		if until, waits := o.awaited[for_]; waits && now.After(until.Add(punctuality)) {
			c.Late(o.asked, "%s was due at %s and nothing came of it in time", for_, until.Format(time.RFC3339))
			return true
		}
	}
	return false
}

func (c *consultation) End() { c.look(c.Until()) }
