package handover

import (
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// How a consultation ends.
const (
	ConsultationAnswered  = handoverv1.ConsultationEnd_CONSULTATION_END_ANSWERED
	ConsultationDeclined  = handoverv1.ConsultationEnd_CONSULTATION_END_DECLINED
	ConsultationExpired   = handoverv1.ConsultationEnd_CONSULTATION_END_EXPIRED
	ConsultationWithdrawn = handoverv1.ConsultationEnd_CONSULTATION_END_WITHDRAWN
)

// Consultation is one line asking another for advice. It knows its number. The zero Consultation
// stands for none.
type Consultation struct {
	*statev1.Consultation
	number uint32
}

// Exists reports whether this is a consultation and not the zero value.
func (k Consultation) Exists() bool { return k.Consultation != nil }

// Number returns the number of the consultation in its conversation, counted from 1, or 0 for none.
func (k Consultation) Number() uint32 { return k.number }

// Ended reports whether the consultation has ended, so that another may begin.
func (k Consultation) Ended() bool { return k.End != 0 }

// Accepted reports whether a person of the line that is asked is there to advise.
func (k Consultation) Accepted() bool { return !k.Ended() && k.State == OfferAccepted }

// StateName returns where the question to the line stands, without the prefix.
func (k Consultation) StateName() string { return strings.TrimPrefix(k.State.String(), "OFFER_STATE_") }

// Consultation returns the n-th consultation, counted from 1, or none.
func (c Conversation) Consultation(n uint32) Consultation {
	if n == 0 || int(n) > len(c.GetConsultations()) {
		return Consultation{}
	}
	return Consultation{c.Conversation.Consultations[n-1], n}
}

// ConsultationNamed returns the consultation with a resource name, or none.
func (c Conversation) ConsultationNamed(name string) Consultation {
	for i, k := range c.GetConsultations() {
		if k.Name == name {
			return Consultation{k, uint32(i + 1)}
		}
	}
	return Consultation{}
}

// OpenConsultation returns the consultation that has not ended, or none. A conversation has at most one.
func (c Conversation) OpenConsultation() Consultation {
	if k := c.Consultation(uint32(len(c.GetConsultations()))); k.Exists() && !k.Ended() {
		return k
	}
	return Consultation{}
}

// ConsultationHeader returns what a line that is asked for advice may see of the conversation: nothing that
// tells one child from another.
func (c Conversation) ConsultationHeader() *handoverv1.PacketHeader {
	header := c.PacketHeader()
	header.Area = ""
	return header
}
