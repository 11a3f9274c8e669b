package play

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// ofDecision builds the requests of verbs that change the course of a handover.
var ofDecision = map[story.Verb]func(*player, *story.Step) call{
	"decide hop": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.DecideHop, &routingv1.DecideHopRequest{
			RequestId: p.requestID(s), Handover: p.handover, Supervisor: s.Who.Name, Approve: s.Approve,
		})
	},
	"override consent": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.OverrideConsent, &intakev1.OverrideConsentRequest{
			RequestId: p.requestID(s), Handover: p.handover, Code: s.Override, Scopes: s.Scopes,
			Participant: s.Who.Name, SecondPerson: s.With.Name,
		})
	},
	"decide handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.DecideHandover, &routingv1.DecideHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, Decision: s.Decision,
		})
	},
	"defer handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.DeferHandover, &routingv1.DeferHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, Reason: s.Defer,
			Slot: &routingv1.Slot{
				Line: lineNames(s.Lines)[0], StartTime: timestamppb.New(s.From), EndTime: timestamppb.New(s.From.Add(s.For)),
			},
		})
	},
	"signpost handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.SignpostHandover, &routingv1.SignpostHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, ToLine: lineNames(s.Lines)[0], Reason: s.Signpost,
		})
	},
	"call emergency": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.CallEmergency, &routingv1.CallEmergencyRequest{
			RequestId: p.requestID(s), Handover: p.handover, Service: s.Emergency, Participant: s.Who.Name,
		})
	},
	"confirm emergency": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.ConfirmEmergency, &routingv1.ConfirmEmergencyRequest{
			RequestId: p.requestID(s), Handover: p.handover, Participant: s.Who.Name,
		})
	},
}
