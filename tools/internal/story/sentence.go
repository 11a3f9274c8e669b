package story

import (
	"fmt"
	"slices"
	"strings"
)

// sentences describe what somebody does. details fills in each %s from the step.
var sentences = map[Verb]string{
	Wait:                "time passes",
	Repeat:              "the request is sent once more",
	Chat:                "writes in the line's own chat",
	Open:                "opens a conversation",
	"join":              "comes into the conversation",
	"leave":             "leaves the conversation",
	"disconnect":        "loses the connection",
	Say:                 "writes to %s",
	"ask consent":       "asks the child for consent to %s",
	"give consent":      "says yes to %s",
	"refuse consent":    "says no",
	"withdraw consent":  "takes the yes back",
	"agree to handover": "says it is all right that the sender leaves",
	Seal:                "seals %s for the receiver",
	Unseal:              "opens the packet",
	"close":             "closes the conversation: %s",
	"tag":               "tags %s",
	"assess risk":       "assesses the risk as %s",
	"record duty":       "records the line's own duty to report: %s",
	Propose:             "proposes a handover%s",
	"cancel handover":   "calls the handover off: %s",
	"acknowledge offer": "acknowledges the offer as %s",
	Accept:              "accepts the offer",
	"decline offer":     "declines the offer: %s",
	"join handover":     "comes to receive the child",
	"start briefing":    "starts the briefing of the two counsellors",
	"open bridge":       "brings both counsellors and the child together%s",
	"confirm handover":  "says \"I have it\"",
	"attest agreement":  "states why the child is not asked: %s",
	"leave handover":    "leaves, last",
	"report outcome":    "reports what came of it: %s",
	"decide hop":        "says as supervisor whether to hand over once more: %s",
	"override consent":  "goes on without consent: %s",
	"decide handover":   "decides what is to happen: %s",
	"defer handover":    "puts the handover off to %s",
	"signpost handover": "lets the child go by itself to %s",
	"call emergency":    "calls for help: %s",
	"confirm emergency": "confirms that help has reached the child",
	"confirm cancel":    "confirms that it is called off",
	"issue ticket":      "gives the child a claim ticket for %s",
	Claim:               "takes the claim ticket by its %s",
	Answer:              "answers the child's new leg",
	Seats:               "has %s at the desks",
	"close line":        "closes the line for a time: %s",
	"reopen line":       "opens the line again",
	"report sick":       "reports that %s cannot",
	"report well":       "reports that %s can again",
	"swap shifts":       "lets the units of %s change places",
	"cover shift":       "gives %s",
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
	return fmt.Sprintf("%s (%s) %s", s.Who.Name, s.Who.Line, told)
}

// details returns the values for the sentence of the step's verb.
func (s Step) details() string {
	switch s.Does {
	case Say:
		return map[string]string{"ALL": "everybody", "COUNSELLORS": "the counsellors alone"}[Code(s.Audience)]
	case "open bridge":
		if s.Exception != 0 {
			return ", without the child: " + Code(s.Exception)
		}
		return ""
	case "ask consent", "give consent":
		return Codes(s.Scopes)
	case "tag":
		return strings.Join(slices.Concat(s.Add, prefixed("not ", s.Remove)), ", ")
	case Propose:
		return prefixedList(" to ", s.Lines)
	case "decide hop":
		return map[bool]string{true: "yes", false: "no"}[s.Approve]
	case "override consent":
		return fmt.Sprintf("%s, with %s, for %s", Code(s.Override), s.With.Name, Codes(s.Scopes))
	case "defer handover":
		return fmt.Sprintf("%s at %s: %s", s.Lines[0], s.From.Format(day+inShort), Code(s.Defer))
	case "signpost handover":
		return s.Lines[0] + ": " + Code(s.Signpost)
	case "issue ticket":
		return s.Lines[0] + ", " + Code(s.Channel)
	case Claim:
		return s.Ticket
	case Seats:
		return fmt.Sprintf("%d free seats", s.Free)
	case "close line":
		return fmt.Sprintf("%s, %s", Code(s.Closure), s.For)
	case "report sick", "report well":
		return s.Unit
	case "swap shifts":
		return strings.Join(s.Dates, " and ")
	case "cover shift":
		return s.Dates[0] + " to " + s.Unit
	}
	var told []string
	for _, code := range []string{
		Code(s.Part), Code(s.Close), Code(s.Risk), Code(s.Duty), Code(s.Cancel), Code(s.As),
		Code(s.Decline), Code(s.Attest), Code(s.Outcome), Code(s.Decision), Code(s.Emergency), Code(s.Exception),
	} {
		if code != "" {
			told = append(told, code)
		}
	}
	return strings.Join(told, ", ")
}

func prefixed(before string, words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = before + word
	}
	return all
}

func prefixedList(before string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, ", ")
}
