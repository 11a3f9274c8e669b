package apitest

import (
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/staffkey"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Person registers the key of one of the desk's people. Whoever is called sofie or supervisor is one.
func (d Desk) Person(name string) stafftest.Person {
	d.T.Helper()
	roles := []handoverv1.StaffRole{handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR}
	if name == "sofie" || name == "supervisor" {
		roles = append(roles, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR)
	}
	p := stafftest.New(d.Line, name, roles...)
	d.Recorded(d.Keys.RegisterStaffKey(d.Ctx, &routingv1.RegisterStaffKeyRequest{
		RequestId: uuid.NewString(), Line: handover.LineName(d.Line), Key: p.Key,
	}))
	return p
}

// Signs returns the signatures of people of the desk under a request about a conversation, as the desk sees
// it now.
func (d Desk) Signs(conversation string, request proto.Message, people ...stafftest.Person) (signatures []*handoverv1.SecondSignature) {
	d.T.Helper()
	seen := Must[*intakev1.Conversation](d.T)(d.Intake.GetConversation(d.Ctx, &intakev1.GetConversationRequest{
		Name: conversation, MinPosition: Must[uint64](d.T)(d.Last(d.Ctx)),
	}))
	for _, p := range people {
		nonce := uuid.New()
		signatures = append(signatures, p.Sign(staffkey.ShownFor(seen, request), d.Clock.Now(), nonce[:]))
	}
	return signatures
}

// ConversationOf names the conversation of a handover.
func ConversationOf(handover string) string {
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	return conversation
}
