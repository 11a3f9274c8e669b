package page

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
)

// Worklist writes the page of triage, Overview that of supervisors.
func (d Desk) Worklist(to io.Writer) error { return write(to, "worklist", d) }
func (d Desk) Overview(to io.Writer) error { return write(to, "overview", d) }

// Work is a row of the worklist.
type Work struct{ Short, Risk, Since, Topics, With, State string }

// Work are the conversations that the line is responsible for: by risk, then by how long they have waited.
func (d Desk) Work() (all []Work) {
	views := slices.DeleteFunc(slices.Clone(d.Views), func(v line.View) bool { return v.Conversation.GetCustody().GetLine() != d.Us })
	slices.SortStableFunc(views, func(a, b line.View) int {
		return cmp.Or(cmp.Compare(urgency(b), urgency(a)), a.Opened.Compare(b.Opened))
	})
	for _, v := range views {
		var with []string
		for _, id := range v.Present(d.Us) {
			with = append(with, d.colleague(id))
		}
		all = append(all, Work{
			Short: Short(v.Name), Risk: d.Code(v.Conversation.GetAssessment().GetRisk()), Since: d.Clock(v.Opened, d.Zone),
			Topics: d.groups(v.Conversation.GetAssessment().GetTags()), With: cmp.Or(strings.Join(with, ", "), d.Staff("nobody_there")), State: d.Code(v.Handover().GetState()),
		})
	}
	return all
}

// urgency orders risk. What nobody has assessed counts as more than a low risk and less than danger.
func urgency(v line.View) int {
	switch risk := v.Conversation.GetAssessment().GetRisk(); risk {
	case handoverv1.RiskLevel_RISK_LEVEL_R4, handoverv1.RiskLevel_RISK_LEVEL_R3:
		return int(risk) + 1
	case handoverv1.RiskLevel_RISK_LEVEL_RX, handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED:
		return int(handoverv1.RiskLevel_RISK_LEVEL_R3)
	default:
		return int(risk)
	}
}

// Evening counts the line's conversations and people.
func (d Desk) Evening() string {
	return d.Staff("evening_is", strconv.Itoa(len(d.Work())), strconv.Itoa(len(d.Shifts)))
}

// Gone are children in danger who have disappeared, with what was decided about it.
func (d Desk) Gone() (all []Concern) {
	for _, call := range d.Calls {
		if call.Disappearance != nil {
			concern := d.concern(call.Conversation, "")
			if decided := call.Disappearance.Decision; decided != 0 {
				concern.Say = d.Staff("gone_decided", d.Code(decided))
			}
			all = append(all, concern)
		}
	}
	return all
}

// Searches are what can be decided about a child that has disappeared.
func (d Desk) Searches() Choice {
	return codes(d.Language, "decision", handoverv1.DisappearanceDecision(0))
}

// Concern is a conversation that a supervisor must know of.
type Concern struct {
	Row
	Form Form
}

func (d Desk) concern(conversation, say string) Concern {
	short := Short(conversation)
	return Concern{Row{Short: short, Title: d.Staff("conversation", short), Say: say}, Form{ID: d.ID, Short: short}}
}

// Alone are present children with whom nobody of the line is.
func (d Desk) Alone() Rows {
	list := Rows{None: d.Staff("none")}
	for _, v := range d.Views {
		custody := v.Conversation.GetCustody()
		if custody.GetLine() == d.Us && v.ChildPresent() && len(v.Present(d.Us)) == 0 {
			list.Rows = append(list.Rows, d.concern(v.Name, d.Staff("alone_say", strconv.Itoa(int(custody.Alerts)))).Row)
		}
	}
	return list
}

// Stuck are handovers about which the line must decide.
func (d Desk) Stuck() Rows {
	return d.called(func(call *routingv1.WatchCustodyResponse) (says []string) {
		if len(call.DecisionDue) > 0 {
			says = append(says, "")
		}
		return says
	})
}

// Owed are outcomes that the line has not reported in time.
func (d Desk) Owed() Rows {
	return d.called(func(call *routingv1.WatchCustodyResponse) (says []string) {
		if len(call.OutcomeDue) > 0 {
			says = append(says, "")
		}
		return says
	})
}

// Told is what the platform told the line's supervisors.
func (d Desk) Told() Rows {
	return d.called(func(call *routingv1.WatchCustodyResponse) (says []string) {
		for _, told := range call.SupervisorCalls {
			says = append(says, d.Staff("told_say", d.Code(told.Reason), strconv.Itoa(int(told.Count)), d.Clock(told.CallTime.AsTime(), d.Zone)))
		}
		return says
	})
}

func (d Desk) called(say func(*routingv1.WatchCustodyResponse) []string) Rows {
	list := Rows{None: d.Staff("none")}
	for _, call := range d.Calls {
		for _, said := range say(call) {
			list.Rows = append(list.Rows, d.concern(call.Conversation, said).Row)
		}
	}
	return list
}
