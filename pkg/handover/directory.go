package handover

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Directory is what commands depend on beyond their conversation: the lines as they are
// at one instant. Its functions must be pure. A command that is tried again is made from
// a new Directory.
type Directory struct {
	// TaxonomyVersion is the version of the topics that the lines serve.
	TaxonomyVersion string
	Deadlines       Deadlines
	Rank            Rank
	Recommend       Recommend
	Open            Open
	Suits           Suits
	Skip            Skip
	Shut            Shut
	Keeps           Keeps
	Door            Door
	// Staff finds the keys of the people of the line that gives the command.
	Staff  Staff
	Trusts Trusts
}

// Trusts refuses a grant that was not signed by a published key of its giver, or whose receiver
// has not published the key that it names, or whose keys must not be used. If nil, every grant
// is trusted.
type Trusts func(grant *sealv1.Grant, terms *sealv1.GrantTerms) error

func (t Trusts) Check(grant *sealv1.Grant, terms *sealv1.GrantTerms) error {
	if t == nil {
		return nil
	}
	return t(grant, terms)
}

// Staff returns the key with an id, unless it is unknown or was revoked; then nil.
type Staff func(id []byte) *handoverv1.StaffKey

// Deadlines returns the times that a line sets for itself, or nil.
type Deadlines func(line string) *handoverv1.LineDeadlines

// Rank ranks the lines for a conversation whose handover must be routed.
type Rank func(*statev1.Conversation) *handoverv1.RoutingDecision

// Recommend returns a line that suits the conversation better, or nil.
type Recommend func(*statev1.Conversation) *handoverv1.Recommendation

// Open reports whether a line answers a channel at an instant.
type Open func(line string, channel handoverv1.Channel, at time.Time) bool

// Suits refuses a line that does not serve this child when it comes in this way at an
// instant. If nil, every line suits.
type Suits func(c *statev1.Conversation, line string, way handoverv1.ReceptionWay, at time.Time) error

func (s Suits) Check(c *statev1.Conversation, line string, way handoverv1.ReceptionWay, at time.Time) error {
	if s == nil {
		return nil
	}
	return s(c, line, way, at)
}

// Skip says why a planned line cannot take a child with this header when its turn comes;
// unspecified if it can. If nil, no line is skipped.
type Skip func(line string, header *handoverv1.PacketHeader) handoverv1.PassReason

// Shut says why a line that is being asked can no longer take anybody on a channel;
// unspecified if it can. If nil, every line can.
type Shut func(line string, channel handoverv1.Channel) handoverv1.PassReason

// Entirely says why a line that is being asked can take nobody on any channel; unspecified if it can on one.
func (s Shut) Entirely(line string) (why handoverv1.PassReason) {
	for channel := 1; channel < len(handoverv1.Channel_name); channel++ {
		if why = s.Reason(line, handoverv1.Channel(channel)); why == 0 {
			return 0
		}
	}
	return why
}

// Keeps says why a line cannot take anybody at a time that it was promised for, and which other
// times there are; unspecified if it can. If nil, every promise can be kept.
type Keeps func(c *statev1.Conversation, promised *handoverv1.Slot) (why handoverv1.PassReason, others []*handoverv1.Slot)

// Reason is what Shut says. It accepts nil.
func (s Shut) Reason(line string, channel handoverv1.Channel) handoverv1.PassReason {
	if s == nil {
		return handoverv1.PassReason_PASS_REASON_UNSPECIFIED
	}
	return s(line, channel)
}
