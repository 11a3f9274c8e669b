package story

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Terms are those that the log demands of the sender's grant to the receiver of a handover.
func (s *Story) Terms(n uint32, kind sealv1.Kind, part handoverv1.Scope) *sealv1.GrantTerms {
	c := handover.Of(s.State.Conversation)
	h := c.Handover(n)
	return &sealv1.GrantTerms{
		Domain: "stafett.test", Conversation: c.Name, Epoch: c.Custody.Epoch, Handover: h.Name, Offer: h.AcceptedOffer().GetName(),
		ConsentPosition: h.Consent.Position, Giver: h.FromLine, GiverKey: make([]byte, 32), Receiver: h.ToLine,
		ReceiverKey: make([]byte, 32), Kind: kind, Part: part, ContentKey: make([]byte, 16),
	}
}

// GrantUnder is a grant under terms. Nobody signed it: commands leave that to the directory.
func GrantUnder(terms *sealv1.GrantTerms) *sealv1.Grant {
	content, err := proto.Marshal(terms)
	if err != nil {
		panic(err)
	}
	return &sealv1.Grant{Terms: content, Wrapped: make([]byte, 1168), Signature: make([]byte, 64)}
}
