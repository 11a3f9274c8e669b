package staffkey

import (
	"path"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// ShownFor returns what a person of the line with custody signs who agrees to a request, as the conversation
// was read by that line. Sign needs sign_time and a random nonce of 16 bytes in addition.
func ShownFor(c *intakev1.Conversation, request proto.Message) *handoverv1.Shown {
	command := Command(request)
	shown := &handoverv1.Shown{
		Command: command, RequestHash: RequestHash(command, request), Conversation: c.GetName(), Epoch: c.GetCustody().GetEpoch(),
		RiskLevel: c.GetAssessment().GetRisk(), ConsentPosition: c.GetConsentPosition(),
	}
	if n := len(c.GetHandovers()); n > 0 {
		newest := c.Handovers[n-1]
		number, _ := strconv.ParseUint(path.Base(newest.Name), 10, 32)
		shown.Handover, shown.HandoverState = uint32(number), newest.State
	}
	return shown
}

// Command returns the name of the RPC that takes a request.
func Command(request proto.Message) string {
	return strings.TrimSuffix(string(request.ProtoReflect().Descriptor().Name()), "Request")
}
