package handover

import (
	"iter"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Conversation is a conversation as its events left it. Copies share what they hold.
type Conversation struct{ *statev1.Conversation }

// Of returns a stored conversation as a Conversation. It accepts nil, for one that has
// not been opened.
func Of(c *statev1.Conversation) Conversation { return Conversation{c} }

// Handover returns the n-th handover, counted from 1, or none.
func (c Conversation) Handover(n uint32) Handover {
	if n == 0 || int(n) > len(c.GetHandovers()) {
		return Handover{}
	}
	return Handover{Handover: c.Conversation.Handovers[n-1], number: n, of: c.Conversation}
}

// Current returns the newest handover, or none.
func (c Conversation) Current() Handover { return c.Handover(uint32(len(c.GetHandovers()))) }

// Handovers returns all handovers, oldest first.
func (c Conversation) Handovers() iter.Seq[Handover] {
	return func(yield func(Handover) bool) {
		for i := range c.GetHandovers() {
			if !yield(c.Handover(uint32(i + 1))) {
				return
			}
		}
	}
}

// Offer returns the m-th offer of the n-th handover, or none.
func (c Conversation) Offer(n, m uint32) Offer { return c.Handover(n).Offer(m) }

// Ticket returns the n-th claim ticket, or nil.
func (c Conversation) Ticket(n uint32) *statev1.Ticket {
	if n == 0 || int(n) > len(c.GetTickets()) {
		return nil
	}
	return c.Tickets[n-1]
}

// Slow reports whether answers take hours on the child's channel.
func (c Conversation) Slow() bool { return Slow(c.GetChannel()) }

// Slow reports whether answers take hours on a channel. Nobody is connected there as in
// a chat: being in the bridge means having written in it.
func Slow(c handoverv1.Channel) bool {
	return c == handoverv1.Channel_CHANNEL_SMS || c == handoverv1.Channel_CHANNEL_EMAIL
}

// PacketHeader returns what every line that is asked may see of the conversation.
func (c Conversation) PacketHeader() *handoverv1.PacketHeader {
	return &handoverv1.PacketHeader{
		TopicGroups: TopicGroups(c.Assessment.GetTags()), Risk: c.Assessment.GetRisk(),
		AgeBand: c.AgeBand, LanguageCode: c.Language, Channel: c.Channel, Area: c.Area,
	}
}

// TopicGroups returns the groups of topics, without duplicates, in the order of the
// topics.
func TopicGroups(topics []string) []string {
	var found []string
	for _, topic := range topics {
		group, _, _ := strings.Cut(topic, ".")
		if !slices.Contains(found, group) {
			found = append(found, group)
		}
	}
	return found
}

// Concerns reports whether a line takes part in the conversation now, while it is open.
func (c Conversation) Concerns(line string) bool {
	if c.CloseTime != nil {
		return false
	}
	return line == c.Custody.Line || line == c.LegLine || c.TakesPart(line)
}

// TakesPart reports whether a line hands over or has accepted, until the overlap ends. The
// next handover may begin in the overlap of one.
func (c Conversation) TakesPart(line string) bool {
	for h := range c.Handovers() {
		if h.State >= Accepted && h.State <= Transferred && (line == h.FromLine || line == h.ToLine) {
			return true
		}
	}
	return false
}

// Disappeared reports whether a child in danger is not there, whether it left or lost the connection.
func (c Conversation) Disappeared() bool {
	return c.Child() != nil && c.childGone() && c.CloseTime == nil && c.InDanger()
}

// Overlap returns the handover whose sender has not left yet, although custody has moved, or
// none.
func (c Conversation) Overlap() Handover {
	for h := range c.Handovers() {
		if h.State == Transferred {
			return h
		}
	}
	return Handover{}
}

// Finished reports whether nobody must do anything about a conversation any more: it is closed, and
// all of its handovers and consultations have ended.
func (c Conversation) Finished() bool {
	if c.GetCloseTime() == nil || c.OpenConsultation().Exists() {
		return false
	}
	for h := range c.Handovers() {
		if !h.Ended() || h.DecisionDue || len(h.CancelUnconfirmed) > 0 {
			return false
		}
	}
	return true
}
