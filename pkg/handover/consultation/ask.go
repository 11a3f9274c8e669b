package consultation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AskConsultation asks another line for advice, by the line with custody.
type AskConsultation struct {
	Line        string
	Participant string
	// ToLine is asked.
	ToLine string
	// ID of the consultation: 32 hexadecimal digits.
	ID string
	// Deadlines are the times that the line that is asked sets for itself.
	Deadlines *handoverv1.LineDeadlines
	// Shut is the directory's.
	Shut handover.Shut
}

// Ask makes the command of a request.
func Ask(o decide.Origin, lines handover.Directory, r *routingv1.AskConsultationRequest) AskConsultation {
	to := handover.LineID(r.ToLine)
	return AskConsultation{
		Line: o.Line, Participant: r.Participant, ToLine: to, ID: id(o), Deadlines: lines.Deadlines(to), Shut: lines.Shut,
	}
}

// id derives a consultation's id, so that a repeated request finds the same one. Only who knows the request id can tell
// which conversation it belongs to.
func id(o decide.Origin) string {
	hash := sha256.Sum256(append([]byte(o.At.Conversation+"\x00consultation\x00"), o.RequestID...))
	return hex.EncodeToString(hash[:16])
}

func (c AskConsultation) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := c.mayAsk(t); err != nil {
		return err
	}
	offer := t.In(t.Rules.Live.SetBy(c.Deadlines, &handoverv1.PacketHeader{Channel: handoverv1.Channel_CHANNEL_CHAT}).Offer)
	t.Name = handover.ConsultationName(c.ID)
	t.Emit(&eventv1.ConsultationAsked{
		Consultation: uint32(len(t.Conversation.Consultations) + 1), Id: c.ID,
		FromLine: c.Line, Participant: c.Participant, Line: c.ToLine, Header: t.Conversation.ConsultationHeader(),
		OfferDeadline: offer, DeliveryDeadline: handover.Earlier(t.In(t.Rules.Delivery), offer),
		AlertDeadline: t.NextConsultationAlert(1, offer), Deadline: t.In(t.Rules.Consultation),
	})
	return nil
}

// mayAsk refuses while a handover or another consultation is under way, and a line that cannot be asked.
func (c AskConsultation) mayAsk(t *decide.Turn) error {
	for h := range t.Conversation.Handovers() {
		if h.BeforeTransfer() || h.State == handover.Transferred {
			return refusal.HandoverUnfinished(fmt.Sprintf("%s is %s; its two lines can talk with each other, and advice is asked for once it is over", h.Name, h.StateName()),
				"handover", h.Name, "state", h.StateName())
		}
	}
	if k := t.Conversation.OpenConsultation(); k.Exists() {
		return refusal.ConsultationUnfinished(fmt.Sprintf("%s with %s has not ended; wait for its answer, or withdraw it", k.Name, k.Line),
			"consultation", k.Name, "line", k.Line)
	}
	if n := len(t.Conversation.Consultations); n >= t.Rules.Handovers {
		return tooMany(fmt.Sprintf("%s has had %d consultations; hand over, or call for help", t.Conversation.Name, n), n)
	}
	if c.ToLine == c.Line {
		return refusal.Field("to_line", c.Line+" is the line that asks; name another")
	}
	if why := c.Shut.Entirely(c.ToLine); why != 0 {
		return refusal.LineClosed(c.ToLine+" cannot be asked now, because it is closed or suspended; ask a line that is open", "line", c.ToLine)
	}
	return t.RequireCounsellor(c.Line, c.Participant)
}

func tooMany(message string, n int) error {
	return refusal.TooManyConsultations(message, "count", fmt.Sprint(n))
}
