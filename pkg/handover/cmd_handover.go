package handover

import (
	"fmt"
	"slices"
	"strings"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ProposeHandover: the line with custody begins to prepare a handover.
type ProposeHandover struct {
	Line string
	// Candidates to ask, in this order. Empty: all that fit, as ranked.
	Candidates []string
}

func (c ProposeHandover) decide(t *turn) error {
	if err := t.custodian(c.Line); err != nil {
		return err
	}
	if h := Current(t.conversation); h != nil && !Ended(h) {
		return refuse(handoverv1.RefusalReason_REFUSAL_REASON_HANDOVER_UNFINISHED,
			fmt.Sprintf("%s is %s; finish or cancel it first", h.Name, stateName(h.State)),
			"handover", h.Name, "state", stateName(h.State))
	}
	if transfers := t.conversation.Custody.Epoch - 1; transfers >= t.rules.Hops {
		return refuse(handoverv1.RefusalReason_REFUSAL_REASON_HOP_LIMIT,
			fmt.Sprintf("%s was handed over %d times, which is the limit; stay with the child", t.conversation.Name, transfers),
			"conversation", t.conversation.Name, "transfers", fmt.Sprint(transfers))
	}
	if slices.Contains(c.Candidates, c.Line) {
		return refuseField("candidates", c.Line+" is the line that hands over; name others")
	}
	n := uint32(len(t.conversation.Handovers) + 1)
	t.name = HandoverName(t.conversation.Name, n)
	t.emit(&eventv1.HandoverProposed{
		Handover: n, FromLine: c.Line, Header: Header(t.conversation), Candidates: c.Candidates,
	})
	return nil
}

// Header is what any asked line may see of a conversation.
func Header(c *handoverv1.Conversation) *handoverv1.PacketHeader {
	return &handoverv1.PacketHeader{
		TopicGroups: groups(c.Assessment.GetTags()), Risk: c.Assessment.GetRisk(),
		AgeBand: c.AgeBand, Language: c.Language, Channel: c.Channel, Area: c.Area,
	}
}

func groups(tags []string) []string {
	var found []string
	for _, tag := range tags {
		group, _, _ := strings.Cut(tag, ".")
		if !slices.Contains(found, group) {
			found = append(found, group)
		}
	}
	return found
}

// CancelHandover: the sender calls the handover off.
type CancelHandover struct {
	Line     string
	Handover uint32
	Reason   handoverv1.CancelReason
}

func (c CancelHandover) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "CancelHandover")
	if err != nil {
		return err
	}
	t.withdrawOffers(h)
	t.emit(&eventv1.HandoverCancelled{Handover: t.number(h), Reason: c.Reason})
	return nil
}

// giveBack returns a handover to the sender, who has had custody all along.
func (t *turn) giveBack(h *handoverv1.Handover, reason handoverv1.ReturnReason) {
	t.withdrawOffers(h)
	t.emit(&eventv1.HandoverReturned{Handover: t.number(h), Reason: reason})
}

// AskedBefore are the lines that were asked in this conversation. None is asked
// again.
func AskedBefore(c *handoverv1.Conversation) map[string]bool {
	asked := map[string]bool{}
	for _, h := range c.GetHandovers() {
		for _, o := range h.Offers {
			asked[o.Line] = true
		}
	}
	return asked
}
