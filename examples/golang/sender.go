package main

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// scopes are what the child is asked for. Without FEEDBACK_OUTCOME the sender never learns
// how it went.
var scopes = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME}

// sender is the line that hands over. Its window is the child's leg, also after custody
// has moved.
type sender struct {
	system
	conversation, handover string
	at                     uint64
}

func (s *sender) run(ctx context.Context, candidates ...string) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.show(ctx, s.conversation) })
	group.Go(func() error { return inOrder(ctx, s.ask(candidates), s.grant, s.introduce, s.leaveLast, s.relay) })
	return group.Wait()
}

// inOrder takes one step after the other until one fails.
func inOrder(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// open records the child who came in, the counsellor, and what it is about.
func (s *sender) open(ctx context.Context) error {
	opened, err := client.Send(ctx, s.Intake.OpenConversation, &intakev1.OpenConversationRequest{
		Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Child: "lerke",
	})
	if err != nil {
		return err
	}
	s.conversation = opened.Recorded.Name
	_, err = client.Send(ctx, s.Intake.JoinConversation, &intakev1.JoinConversationRequest{
		Conversation: s.conversation, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR,
	})
	if err != nil {
		return err
	}
	if _, err = client.Send(ctx, s.Triage.TagConversation, &triagev1.TagConversationRequest{Conversation: s.conversation, Add: []string{"V.physical"}}); err != nil {
		return err
	}
	_, err = client.Send(ctx, s.Triage.AssessRisk, &triagev1.AssessRiskRequest{Conversation: s.conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R1})
	return err
}

// ask proposes the handover, asks the child, and seals what was agreed.
func (s *sender) ask(candidates []string) func(context.Context) error {
	return func(ctx context.Context) error {
		proposed, err := client.Send(ctx, s.Routing.ProposeHandover, &routingv1.ProposeHandoverRequest{Conversation: s.conversation, Candidates: candidates})
		if err != nil {
			return err
		}
		s.handover = proposed.Recorded.Name
		s.keys.Saw(proposed.Recorded.Position)
		if _, err := client.Send(ctx, s.Intake.AskConsent, &intakev1.AskConsentRequest{Handover: s.handover, Scopes: scopes}); err != nil {
			return err
		}
		agreed := &intakev1.SealPacketRequest{Handover: s.handover, Part: handoverv1.Scope_SCOPE_ONE_LINE}
		if err := s.keys.Seal(ctx, agreed, "Is hit at home, and is safe tonight."); err != nil {
			return err
		}
		answer, err := client.Send(ctx, s.Intake.SealPacket, agreed)
		if err != nil {
			return err
		}
		if err := s.keys.Sealed(agreed, answer); err != nil {
			return err
		}
		if err := s.keys.Agreed(s.handover, scopes...); err != nil {
			return err
		}
		_, err = client.Send(ctx, s.Intake.GiveConsent, &intakev1.GiveConsentRequest{Handover: s.handover, Scopes: scopes})
		return err
	}
}

// grant gives the receiver the keys of what the child agreed to, as soon as it has accepted.
func (s *sender) grant(ctx context.Context) error {
	if err := s.happened(ctx, func(e *eventv1.Event) bool { return e.GetOfferAccepted() != nil }); err != nil {
		return err
	}
	return s.keys.Grant(ctx, s.handover)
}

// happened waits until the conversation has an event. The window beside it reads the words and keys.
func (s *sender) happened(ctx context.Context, is func(*eventv1.Event) bool) (err error) {
	s.at, err = s.until(ctx, s.conversation, s.at, is, func(r *intakev1.WatchConversationResponse) error {
		s.keys.Saw(r.Position)
		return nil
	})
	return err
}

// introduce lets the counsellors talk alone, and opens the bridge.
func (s *sender) introduce(ctx context.Context) error {
	if err := s.happened(ctx, func(e *eventv1.Event) bool { return e.GetReceiverJoined() != nil }); err != nil {
		return err
	}
	if _, err := client.Send(ctx, s.Routing.StartBriefing, &routingv1.StartBriefingRequest{Handover: s.handover}); err != nil {
		return err
	}
	if err := s.say(ctx, s.conversation, "mina", "She would rather write than phone.", handoverv1.Audience_AUDIENCE_COUNSELLORS); err != nil {
		return err
	}
	if _, err := client.Send(ctx, s.Routing.OpenBridge, &routingv1.OpenBridgeRequest{Handover: s.handover, Participant: "mina"}); err != nil {
		return err
	}
	return s.say(ctx, s.conversation, "mina", "Aksel is here with us now. I am still here.", handoverv1.Audience_AUDIENCE_ALL)
}

// leaveLast waits for "I have it", the child's yes, and the change of custody.
func (s *sender) leaveLast(ctx context.Context) error {
	if err := s.happened(ctx, func(e *eventv1.Event) bool { return e.GetReceiverConfirmed() != nil }); err != nil {
		return err
	}
	if _, err := client.Send(ctx, s.Intake.AgreeToHandover, &intakev1.AgreeToHandoverRequest{Handover: s.handover}); err != nil {
		return err
	}
	if err := s.happened(ctx, func(e *eventv1.Event) bool { return e.GetCustodyTransferred() != nil }); err != nil {
		return err
	}
	_, err := client.Send(ctx, s.Routing.LeaveHandover, &routingv1.LeaveHandoverRequest{Handover: s.handover})
	return err
}

// relay carries the child's words until the outcome is known.
func (s *sender) relay(ctx context.Context) error {
	if err := s.happened(ctx, wrote("aksel")); err != nil {
		return err
	}
	if err := s.say(ctx, s.conversation, "lerke", "Yes, let us make a plan.", handoverv1.Audience_AUDIENCE_ALL); err != nil {
		return err
	}
	err := s.happened(ctx, func(e *eventv1.Event) bool { return e.GetOutcomeReported() != nil })
	if err == nil {
		s.tell("ended well", s.handover)
	}
	return err
}
