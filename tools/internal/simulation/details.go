package simulation

import (
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// adjust changes what would hardly ever be accepted if each field were drawn alone.
func (d *drawer) adjust(o *order.Order, h *statev1.Handover) {
	switch r := o.Request.(type) {
	case *intakev1.OpenConversationRequest:
		o.Line, o.Request = Lines[0], d.opening()
	case *intakev1.CorrectConversationRequest:
		d.corrects(r)
	case *intakev1.JoinConversationRequest:
		d.joins(o, r, h)
	case *intakev1.LeaveConversationRequest:
		o.Line, r.Participant = d.somebody()
	case *intakev1.DisconnectParticipantRequest:
		o.Line, r.Participant = d.somebody()
	case *intakev1.SendMessageRequest:
		d.writes(o, r, h)
	case *triagev1.RecordDutyRequest:
		o.Line = Lines[d.random.IntN(len(Lines))]
	case *routingv1.JoinHandoverRequest:
		r.Participant = counsellor(o.Line, d.random.IntN(2))
	case *intakev1.OpenPacketRequest:
		if d.one(3) {
			o.Line = Lines[d.random.IntN(len(Lines))]
		}
	default:
		d.adjustCourse(o, h)
	}
}

func (d *drawer) adjustCourse(o *order.Order, h *statev1.Handover) {
	switch r := o.Request.(type) {
	case *intakev1.GiveConsentRequest:
		d.gives(r, h)
	case *intakev1.OverrideConsentRequest:
		d.overrides(r)
	case *routingv1.OpenBridgeRequest:
		r.Exception = 0
		if d.senderLost(h) {
			o.Line, r.Participant, r.Exception = h.ToLine, d.here(h.ToLine), handover.SenderLost
			break
		}
		if !handover.Of(d.conversation()).Child().Present && d.one(2) || d.one(30) {
			r.Exception = handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE
		}
	case *routingv1.AttestAgreementRequest:
		d.attests(r, h)
	case *routingv1.TakeBackRequest:
		d.takesBack(o, r)
	case *intakev1.AskToStayRequest:
		if overlap := handover.Of(d.conversation()).Overlap(); overlap.Exists() {
			o.Handover = overlap.Number()
		}
	case *routingv1.DeferHandoverRequest:
		r.Slot.EndTime = timestamppb.New(r.Slot.StartTime.AsTime().Add(time.Hour))
	case *routingv1.ProposeHandoverRequest:
		d.follows(r)
		d.proposes(r)
	case *routingv1.IssueTicketRequest:
		d.issues(o.Line, r, h)
	case *routingv1.ClaimTicketRequest:
		d.claims(o, r)
	}
}

// senderLost reports whether the receiver may go on without the sender, and rarely where not.
func (d *drawer) senderLost(h *statev1.Handover) bool {
	current := handover.Of(d.conversation()).Current()
	return h.GetToLine() != "" && (current.LacksSender() && !d.one(8) || d.one(60))
}

// takesBack mostly for the reason that applies, also while the receiver hands on.
func (d *drawer) takesBack(o *order.Order, r *routingv1.TakeBackRequest) {
	overlap := handover.Of(d.conversation()).Overlap()
	r.Reason = handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST
	if overlap.GetStayAsked() != d.one(8) {
		r.Reason = handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED
	}
	if overlap.Exists() {
		o.Line, o.Handover, r.Participant = overlap.FromLine, overlap.Number(), d.here(overlap.FromLine)
	}
}

// follows mostly an answered consultation, if the newest is one; rarely any.
func (d *drawer) follows(r *routingv1.ProposeHandoverRequest) {
	c := handover.Of(d.conversation())
	k := c.Consultation(uint32(len(c.Consultations)))
	if k.Exists() && (k.End == handover.ConsultationAnswered && !d.one(3) || d.one(8)) {
		r.Consultation = k.Name
		if !d.one(8) {
			r.Candidates = nil
		}
	}
}

// opening returns the request that begins every conversation: mostly a chat.
func (d *drawer) opening() *intakev1.OpenConversationRequest {
	channel := handoverv1.Channel_CHANNEL_CHAT
	if d.one(4) {
		channel = handoverv1.Channel(1 + d.random.Int32N(4))
	}
	return &intakev1.OpenConversationRequest{Channel: channel, LanguageCode: "da", Area: "DK-84", Child: child}
}

// corrects the language or the area, mostly with a value for each field that is named.
func (d *drawer) corrects(r *intakev1.CorrectConversationRequest) {
	if slices.Contains(r.Fields, handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE) != d.one(12) {
		r.LanguageCode = []string{"da", "ar"}[d.random.IntN(2)]
	}
	if slices.Contains(r.Fields, handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA) {
		r.Area = []string{"DK-84", "DK-82"}[d.random.IntN(2)]
	}
}

// gives grants what was asked, or less, or something else.
func (d *drawer) gives(r *intakev1.GiveConsentRequest, h *statev1.Handover) {
	if onPhone := d.conversation().Channel == handoverv1.Channel_CHANNEL_PHONE; onPhone == d.one(15) {
		r.HeardBy = ""
	}
	if !d.one(15) {
		r.Scopes = slices.DeleteFunc(r.Scopes, func(s handoverv1.Scope) bool {
			return !slices.Contains(h.GetConsent().GetAsked(), s)
		})
	}
}

// overrides mostly leaves out the transcript, which is always refused, and rarely the
// second person.
func (d *drawer) overrides(r *intakev1.OverrideConsentRequest) {
	if !d.one(9) {
		r.Scopes = slices.DeleteFunc(r.Scopes, func(s handoverv1.Scope) bool { return s == handoverv1.Scope_SCOPE_TRANSCRIPT })
	}
	if !d.one(9) {
		r.Scopes = slices.DeleteFunc(r.Scopes, func(s handoverv1.Scope) bool { return s > handoverv1.Scope_SCOPE_ONE_LINE })
	}
	if d.one(9) {
		r.SecondPerson = r.Participant
	}
}

// attests why the child is not asked, as the bridge recorded it.
func (d *drawer) attests(r *routingv1.AttestAgreementRequest, h *statev1.Handover) {
	if unreachable := handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE; h.GetBridgeException() != 0 || d.one(12) {
		r.Reason = unreachable
	} else if r.Reason == unreachable {
		r.Reason = handoverv1.AttestReason_ATTEST_REASON_CHILD_SILENT
	}
}

// issues a ticket for another channel, or for the line that the child was sent to, and
// rarely for any.
func (d *drawer) issues(line string, r *routingv1.IssueTicketRequest, h *statev1.Handover) {
	r.Channel = handoverv1.Channel(1 + d.random.Int32N(2))
	switch {
	case d.one(12):
	case h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED && !d.one(4):
		r.ToLine = h.SignpostLine
	default:
		r.ToLine = line
	}
}

// claims an issued ticket, mostly with the right secret.
func (d *drawer) claims(o *order.Order, r *routingv1.ClaimTicketRequest) {
	ticket := d.random.Uint32N(40)
	if all := d.conversation().Tickets; len(all) > 0 && !d.one(8) {
		t := all[d.random.IntN(len(all))]
		o.Line, ticket = t.ToLine, order.Ticket(t.LinkHash)
	}
	secret := strconv.FormatUint(uint64(ticket), 10)
	if d.one(2) {
		r.Secret = &routingv1.ClaimTicketRequest_Link{Link: secret}
		return
	}
	r.Secret = &routingv1.ClaimTicketRequest_Digits{Digits: secret}
}
