package order

import (
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Names returns the names of all commands, sorted.
func Names() []string { return slices.Sorted(maps.Keys(builders)) }

type builder = func(Order, Directory) handover.Command

// builders convert an order to each command.
var builders = join(ofConversations, ofConsent, ofOffers, ofBridges, ofEnds, ofTickets)

func join(parts ...map[string]builder) map[string]builder {
	all := map[string]builder{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

var ofConversations = map[string]builder{
	"OpenConversation": func(o Order, _ Directory) handover.Command {
		return handover.OpenConversation{
			Conversation: Conversation, Line: o.Line, Channel: handoverv1.Channel(o.Code), Language: "da", Area: "DK-84", Child: o.Person,
		}
	},
	"JoinConversation": func(o Order, _ Directory) handover.Command {
		return handover.JoinConversation{Line: o.Line, Participant: o.Person, Role: handoverv1.Role(o.Code)}
	},
	"LeaveConversation": func(o Order, _ Directory) handover.Command {
		return handover.LeaveConversation{Line: o.Line, Participant: o.Person}
	},
	"DisconnectParticipant": func(o Order, _ Directory) handover.Command {
		return handover.DisconnectParticipant{Line: o.Line, Participant: o.Person}
	},
	"CloseConversation": func(o Order, _ Directory) handover.Command {
		return handover.CloseConversation{Line: o.Line, Reason: handoverv1.CloseReason(o.Code)}
	},
	"SendMessage": func(o Order, _ Directory) handover.Command {
		return handover.SendMessage{
			Line: o.Line, Participant: o.Person, Audience: handoverv1.Audience(o.Code), Commitment: commitment, SizeBucket: 256,
		}
	},
	"TagConversation": func(o Order, d Directory) handover.Command {
		return handover.TagConversation{Line: o.Line, Add: topic(o.To), Remove: topic(o.Second), TaxonomyVersion: "1", Recommend: d.Recommend}
	},
	"AssessRisk": func(o Order, _ Directory) handover.Command {
		return handover.AssessRisk{Line: o.Line, Level: handoverv1.RiskLevel(o.Code)}
	},
	"RecordDuty": func(o Order, _ Directory) handover.Command {
		return handover.RecordDuty{Line: o.Line, Decision: handoverv1.DutyDecision(o.Code)}
	},
}

// Conversation is the name of the one conversation in every world; ID is its id.
const (
	ID           = "0000000000000000000000000000000a"
	Conversation = "conversations/" + ID
)

// commitment stands in for every sealed blob: its content is irrelevant to the protocol.
var commitment = slices.Repeat([]byte{7}, 32)

func topic(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

func instant(after time.Duration) *timestamppb.Timestamp { return timestamppb.New(Epoch.Add(after)) }
