package order

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// codes maps each command to the enum of its code.
var codes = map[string]protoreflect.EnumDescriptor{
	"OpenConversation":  handoverv1.Channel(0).Descriptor(),
	"JoinConversation":  handoverv1.Role(0).Descriptor(),
	"CloseConversation": handoverv1.CloseReason(0).Descriptor(),
	"SendMessage":       handoverv1.Audience(0).Descriptor(),
	"AssessRisk":        handoverv1.RiskLevel(0).Descriptor(),
	"RecordDuty":        handoverv1.DutyDecision(0).Descriptor(),
	"SealPacket":        handoverv1.Scope(0).Descriptor(),
	"OverrideConsent":   handoverv1.OverrideCode(0).Descriptor(),
	"AcknowledgeOffer":  handoverv1.OfferState(0).Descriptor(),
	"DeclineOffer":      handoverv1.DeclineCode(0).Descriptor(),
	"OpenBridge":        handoverv1.BridgeException(0).Descriptor(),
	"AttestAgreement":   handoverv1.AttestReason(0).Descriptor(),
	"ReportOutcome":     handoverv1.Outcome(0).Descriptor(),
	"CancelHandover":    handoverv1.CancelReason(0).Descriptor(),
	"DecideHandover":    handoverv1.SenderDecision(0).Descriptor(),
	"DeferHandover":     handoverv1.DeferReason(0).Descriptor(),
	"SignpostHandover":  handoverv1.SignpostReason(0).Descriptor(),
	"CallEmergency":     handoverv1.EmergencyService(0).Descriptor(),
	"IssueTicket":       handoverv1.Channel(0).Descriptor(),
}

// prefix is the common prefix of an enum's values, such as DECLINE_CODE_.
func prefix(codes protoreflect.EnumDescriptor) string {
	return strings.TrimSuffix(string(codes.Values().ByNumber(0).Name()), "UNSPECIFIED")
}

// String formats the order as one line.
func (o Order) String() string {
	text := string(o.AppendText(nil))
	head, code, coded := strings.Cut(text, " code=")
	named := codes[o.Command]
	if !coded || named == nil || named.Values().ByNumber(protoreflect.EnumNumber(o.Code)) == nil {
		return text
	}
	_, rest, _ := strings.Cut(code+" ", " ")
	name := string(named.Values().ByNumber(protoreflect.EnumNumber(o.Code)).Name())
	return strings.TrimSpace(head + " code=" + strings.TrimPrefix(name, prefix(named)) + " " + rest)
}

// AppendText appends the order to b as one line, with its code as a number.
func (o Order) AppendText(b []byte) []byte {
	b = append(b, o.Command...)
	b = word(b, " line=", o.Line)
	b = word(b, " to=", o.To)
	b = word(b, " person=", o.Person)
	b = word(b, " second=", o.Second)
	b = number(b, " handover=", int64(o.Handover))
	b = number(b, " offer=", int64(o.Offer))
	b = number(b, " ticket=", int64(o.Ticket))
	b = number(b, " code=", int64(o.Code))
	b = number(b, " scopes=", int64(o.Scopes))
	return number(b, " at=", int64(o.At/time.Second))
}

func word(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return append(append(b, name...), value...)
}

func number(b []byte, name string, value int64) []byte {
	if value == 0 {
		return b
	}
	return strconv.AppendInt(append(b, name...), value, 10)
}

// Parse parses the output of String.
func Parse(text string) (Order, error) {
	words := strings.Fields(text)
	if len(words) == 0 || builders[words[0]] == nil {
		return Order{}, fmt.Errorf("%q does not begin with a command", text)
	}
	o := Order{Command: words[0]}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		if err := o.set(name, value); err != nil {
			return Order{}, fmt.Errorf("%q: %s: %w", text, w, err)
		}
	}
	return o, nil
}
