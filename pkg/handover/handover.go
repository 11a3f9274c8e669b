package handover

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Handover is one handover of a conversation. It knows its number and its conversation.
// The zero Handover stands for none.
type Handover struct {
	*statev1.Handover
	number uint32
	of     *statev1.Conversation
}

// Exists reports whether this is a handover and not the zero value.
func (h Handover) Exists() bool { return h.Handover != nil }

// Number returns the number of the handover in its conversation, counted from 1, or 0
// for none.
func (h Handover) Number() uint32 { return h.number }

// Conversation returns the conversation of the handover.
func (h Handover) Conversation() Conversation { return Of(h.of) }

// Offer returns the n-th offer, counted from 1, or none.
func (h Handover) Offer(n uint32) Offer {
	if n == 0 || int(n) > len(h.GetOffers()) {
		return Offer{}
	}
	return Offer{Offer: h.Handover.Offers[n-1], number: n}
}

// Offers returns all offers, oldest first.
func (h Handover) Offers() iter.Seq[Offer] {
	return func(yield func(Offer) bool) {
		for i := range h.GetOffers() {
			if !yield(h.Offer(uint32(i + 1))) {
				return
			}
		}
	}
}

// Ended reports whether the handover has ended, so that another may begin.
func (h Handover) Ended() bool { return Ended(h.State) }

// Ended reports whether a handover ends in a state, so that another may begin.
func Ended(state handoverv1.HandoverState) bool {
	switch state {
	case Closed, Returned, Cancelled, CancelConfirmed, Abandoned, Deferred, Signposted, Reversed:
		return true
	}
	return false
}

// Promised reports whether a time that was promised to the child is still to come, and its sender has
// nothing to decide about it.
func (h Handover) Promised() bool {
	return h.State == Deferred && h.Deadline != nil && !h.DecisionDue
}

// BeforeTransfer reports whether the handover is under way and custody is still with the
// sender.
func (h Handover) BeforeTransfer() bool {
	return h.State >= Proposed && h.State <= Confirming
}

// HoldsOpen reports whether the handover prevents closing its conversation: it is under
// way, help has not reached the child, or a time promised to the child has not come.
func (h Handover) HoldsOpen() bool {
	return h.BeforeTransfer() || h.State == Transferred || h.State == Emergency || h.State == Deferred && h.Deadline != nil
}

// Slow reports whether answers take hours on the child's channel.
func (h Handover) Slow() bool { return Slow(h.Header.GetChannel()) }

// Imminent reports whether the child's risk is imminent. The header says what is known until a line
// accepts; a risk that rises later hastens the handover.
func (h Handover) Imminent() bool { return imminent(h.Header.GetRisk()) || h.Hastened }

func imminent(risk handoverv1.RiskLevel) bool { return risk == handoverv1.RiskLevel_RISK_LEVEL_R4 }

// MustHasten reports whether the risk has become imminent while lines were being asked, a receiver
// was on its way or, on slow channels, the sender had hours to decide.
func (h Handover) MustHasten() bool {
	if h.Hastened || !imminent(h.Conversation().Assessment.GetRisk()) {
		return false
	}
	return h.State >= Offered && h.State <= Confirming || h.DecisionDeadline != nil && h.Slow()
}

// Stopped reports whether the child has refused or withdrawn consent while custody
// could still move, without an override.
func (h Handover) Stopped() bool {
	return h.BeforeTransfer() && (h.Consent.Refused || h.Consent.Withdrawn) && h.Consent.Overridden == 0
}

// AwaitsSupervisor reports whether a supervisor must agree to one more transfer and has not yet.
func (h Handover) AwaitsSupervisor() bool { return h.SupervisorNeeded && h.Supervisor == "" }

// Held reports whether the handover waits for a supervisor. At imminent risk it goes on to emergency
// lines without one.
func (h Handover) Held() bool { return h.AwaitsSupervisor() && !h.Imminent() }

// WaitsForChild reports whether the handover can go on only with the child. Lines that
// are being asked, and a counsellor on the way, have their own deadlines.
func (h Handover) WaitsForChild() bool {
	switch h.State {
	case Proposed, ConsentAsked, Briefing, Bridged, Confirming:
		return !h.ChildAgreed
	case Accepted:
		return h.ReceiverParticipant != ""
	}
	return false
}

// Scopes returns what may cross: the scopes that were given, or none if they were
// withdrawn without an override.
func (h Handover) Scopes() []handoverv1.Scope {
	if h.GetConsent().GetWithdrawn() && h.Consent.Overridden == 0 {
		return nil
	}
	return h.GetConsent().GetGiven()
}

// PartsWithin returns the sealed parts of the packet in some scopes, as they are now.
func (h Handover) PartsWithin(scopes []handoverv1.Scope) []*handoverv1.PacketPart {
	var parts []*handoverv1.PacketPart
	for _, p := range h.GetPacketParts() {
		if slices.Contains(scopes, p.Part) {
			parts = append(parts, proto.CloneOf(p))
		}
	}
	return parts
}

// OpenParts returns the sealed parts of the packet that consent covers: those that the child
// was shown, or that an override named.
func (h Handover) OpenParts() []*handoverv1.PacketPart {
	return slices.DeleteFunc(h.PartsWithin(h.Scopes()), func(p *handoverv1.PacketPart) bool {
		return !slices.ContainsFunc(h.Consent.GivenParts, func(given *handoverv1.PacketPart) bool { return SamePart(given, p) })
	})
}

// SamePart reports whether two parts are the same, byte for byte.
func SamePart(a, b *handoverv1.PacketPart) bool {
	return a.GetPart() == b.GetPart() && bytes.Equal(a.GetCommitment(), b.GetCommitment())
}

// RefusedBefore reports whether the child has said no to the same, at no lower risk: to a handover
// that names a line in common, or, if this one names none, to one that named none either.
func (h Handover) RefusedBefore() bool {
	for before := range h.Conversation().Handovers() {
		rose := level(h.Header.GetRisk()) > level(before.Header.GetRisk())
		if before.Number() < h.Number() && before.Consent.GetRefused() && !rose && sameQuestion(before.Candidates, h.Candidates) {
			return true
		}
	}
	return false
}

// sameQuestion reports whether two questions name a line in common, or no line at all.
func sameQuestion(before, now []string) bool {
	if len(before)+len(now) == 0 {
		return true
	}
	return slices.ContainsFunc(now, func(line string) bool { return slices.Contains(before, line) })
}

// AcceptedOffer returns the offer that the receiver accepted, or none.
func (h Handover) AcceptedOffer() Offer {
	for o := range h.Offers() {
		if o.State == OfferAccepted && o.Line == h.ToLine {
			return o
		}
	}
	return Offer{}
}

// Granted reports whether a line has granted a key of a kind.
func (h Handover) Granted(kind sealv1.Kind, giver, receiver string) bool {
	return slices.ContainsFunc(h.GetGrants(), func(g *statev1.Grant) bool {
		return g.Kind == kind && g.Giver == giver && g.Receiver == receiver
	})
}

// GrantOf returns the newest grant of the key of a packet's part to the receiver, or nil. One to a line
// that gave the offer back does not count.
func (h Handover) GrantOf(part handoverv1.Scope) *statev1.Grant {
	for _, g := range slices.Backward(h.GetGrants()) {
		if g.Part == part && g.Receiver == h.ToLine {
			return g
		}
	}
	return nil
}

// Candidate returns a line's entry in the ranking, or nil.
func (h Handover) Candidate(line string) *handoverv1.Candidate {
	for _, candidate := range h.Routing.GetCandidates() {
		if candidate.Line == line {
			return candidate
		}
	}
	return nil
}

// Overfull reports whether a line is asked although it has no seat: the sender names it, and the child is in imminent
// danger.
func (h Handover) Overfull(line string) bool {
	return slices.Contains(h.Candidate(line).GetWarnings(), handoverv1.Verdict_VERDICT_CAPACITY)
}

// LastDeadline returns the last deadline of the open offers, or nil.
func (h Handover) LastDeadline() *timestamppb.Timestamp {
	var last *timestamppb.Timestamp
	for o := range h.Offers() {
		if o.Open() && (last == nil || last.AsTime().Before(o.Deadline.AsTime())) {
			last = o.Deadline
		}
	}
	return last
}

// StateName returns the state without its prefix, for people and for metadata.
func (h Handover) StateName() string {
	return strings.TrimPrefix(h.State.String(), "HANDOVER_STATE_")
}
