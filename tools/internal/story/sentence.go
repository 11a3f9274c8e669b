package story

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// sentences describe what somebody does. details fills in each %s from the step.
var sentences = map[Verb]string{
	Wait:                   "time passes",
	Repeat:                 "the request is sent once more",
	Call:                   "calls %s",
	Chat:                   "writes in the line's own chat",
	"open":                 "opens a conversation",
	"correct":              "corrects the child's description: %s",
	"join":                 "comes into the conversation",
	"leave":                "leaves the conversation",
	"disconnect":           "loses the connection",
	"say":                  "writes to %s",
	"ask consent":          "asks the child for consent to %s",
	"give consent":         "says yes to %s",
	"refuse consent":       "says no",
	"withdraw consent":     "takes the yes back",
	"agree to handover":    "says it is all right that the sender leaves",
	"seal packet":          "seals %s for the receiver",
	"open packet":          "opens the packet",
	"grant access":         "grants the keys of what may cross",
	"close":                "closes the conversation: %s",
	"tag":                  "tags %s",
	"assess risk":          "assesses the risk as %s",
	"record duty":          "records the line's own duty to report: %s",
	"propose handover":     "proposes a handover%s",
	"cancel handover":      "calls the handover off: %s",
	"acknowledge offer":    "acknowledges the offer as %s",
	"accept offer":         "accepts the offer",
	"decline offer":        "declines the offer: %s",
	"join handover":        "comes to receive the child",
	"start briefing":       "starts the briefing of the two counsellors",
	"open bridge":          "brings both counsellors and the child together%s",
	"confirm handover":     "says \"I have it\"",
	"attest agreement":     "states why the child is not asked: %s",
	"ask to stay":          "asks to stay with the sender",
	"take back":            "takes the child back: %s",
	"leave handover":       "leaves, last",
	"report outcome":       "reports what came of it: %s",
	"decide hop":           "says as supervisor whether to hand over once more: %s",
	"override consent":     "goes on without consent: %s",
	"decide handover":      "decides what is to happen: %s",
	"defer handover":       "puts the handover off to %s",
	"signpost handover":    "lets the child go by itself to %s",
	"call emergency":       "calls for help: %s",
	"end emergency":        "says that the emergency is over: %s",
	"confirm emergency":    "confirms that help has reached the child",
	"decide disappearance": "decides what to do about the disappeared child: %s",
	"confirm cancel":       "confirms that it is called off",
	"ask advice":           "asks %s for advice",
	"acknowledge question": "acknowledges the question as %s",
	"accept question":      "is ready to advise",
	"decline question":     "declines to advise: %s",
	"brief":                "tells the other counsellor in codes: %s",
	"advise":               "advises: %s",
	"withdraw question":    "needs the advice no more",
	FollowAdvice:           "proposes a handover to the line that advised",
	"issue ticket":         "gives the child a claim ticket for %s",
	"claim ticket":         "takes the claim ticket by its %s",
	"answer leg":           "answers the child's new leg",
	Seats:                  "has %s at the desks",
	"close line":           "closes the line for a time: %s",
	"reopen line":          "opens the line again",
	"report sick":          "reports that %s cannot",
	"report well":          "reports that %s can again",
	"swap shifts":          "lets the units of %s change places",
	"cover shift":          "gives %s",
}

// Sentence describes the step in one line of plain English.
func (s Step) Sentence() string {
	told := sentences[s.Does]
	if strings.Contains(told, "%s") {
		told = fmt.Sprintf(told, s.details())
	}
	if s.Who.Name == "" {
		return told
	}
	if s.Does == Repeat {
		return fmt.Sprintf("%s's request of step %d is sent once more", s.Who.Name, s.Again)
	}
	if s.With != "" {
		told += ", with " + s.With
	}
	return fmt.Sprintf("%s (%s) %s", s.Who.Name, s.Who.Line, told)
}

// details returns the values for the sentence of the step's verb.
func (s Step) details() string {
	switch s.Does {
	case Call:
		return string(Method(s.Request).Name())
	case Seats:
		return fmt.Sprintf("%d free seats", s.Free)
	}
	switch r := s.Request.(type) {
	case *intakev1.SendMessageRequest:
		return map[bool]string{true: "the counsellors alone", false: "everybody"}[r.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS]
	case *routingv1.OpenBridgeRequest:
		return prefixedList(", without the child: ", codesIn(r))
	case *triagev1.TagConversationRequest:
		return strings.Join(slices.Concat(r.Add, prefixed("not ", r.Remove)), ", ")
	case *routingv1.ProposeHandoverRequest:
		return prefixedList(" to ", lineIDs(r.Candidates))
	case *intakev1.CorrectConversationRequest:
		return Codes(r.Fields)
	case *routingv1.DecideHopRequest:
		return map[bool]string{true: "yes", false: "no"}[r.Approve]
	case *intakev1.OverrideConsentRequest:
		return fmt.Sprintf("%s, with %s, for %s", Code(r.Code), r.SecondPerson, Codes(r.Scopes))
	case *routingv1.EndEmergencyRequest:
		return fmt.Sprintf("%s, with %s", Code(r.Reason), r.SecondPerson)
	case *routingv1.AskConsultationRequest:
		return handover.LineID(r.ToLine)
	case *routingv1.SignpostHandoverRequest:
		return handover.LineID(r.ToLine) + ": " + Code(r.Reason)
	case *routingv1.IssueTicketRequest:
		return handover.LineID(r.ToLine) + ", " + Code(r.Channel)
	case *routingv1.ClaimTicketRequest:
		return s.Ticket
	case *routingv1.DeferHandoverRequest:
		return fmt.Sprintf("%s at %s: %s", handover.LineID(r.Slot.Line), r.Slot.StartTime.AsTime().In(s.At.Location()).Format(day+inShort), Code(r.Reason))
	case *routingv1.CloseLineRequest:
		return fmt.Sprintf("%s, %s", Code(r.Reason), r.EndTime.AsTime().Sub(s.At))
	case *routingv1.ChangeRotaRequest:
		return shiftsOf(r.Changes[0])
	}
	return strings.Join(codesIn(s.Request), ", ")
}
