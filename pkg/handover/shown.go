package handover

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// SignatureCounts is how long a person's signature can be used.
const SignatureCounts = 5 * time.Minute

// Shown returns what a person signs who agrees to a command, but for when, and the nonce.
func (c Conversation) Shown(command string, requestHash []byte) *handoverv1.Shown {
	h := c.Current()
	return &handoverv1.Shown{
		Command: command, RequestHash: requestHash, Conversation: c.GetName(), Epoch: c.GetCustody().GetEpoch(),
		RiskLevel: c.GetAssessment().GetRisk(), ConsentPosition: c.GetConsentPosition(),
		Handover: h.Number(), HandoverState: h.GetState(),
	}
}
