package page

import (
	"io"
	"slices"
	"strings"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// Desk is the snapshot of a line from which a page is made for one person.
type Desk struct {
	words.Language
	// Nonce admits this page's own script and style. ID is the request id of its forms.
	Nonce, ID string
	Us        string // lines/{line}
	Name      func(line string) string
	Zone      *time.Location
	Now       time.Time
	Person    signin.Person
	Everybody []signin.Person
	OnShift   bool
	Trouble   string
	Problem   string
	Views     []line.View
	Chosen    string // the conversation that is open, or ""
	Offered   []line.Offer
	// Found are the lines that were looked for, if anybody did.
	Found *routingv1.RoutingDecision
	// Calls is what the platform told the line's supervisors, by conversation; Shifts are those on shift.
	Calls  []*routingv1.WatchCustodyResponse
	Shifts []string
	// Asked are the overrides that wait for a second person's signature.
	Asked []Signature
}

// Signature is what a second person is asked to sign.
type Signature struct {
	Key, By, For, Why, Risk, Short, Conversation, ID string
}

// Form carries what is signed.
func (s Signature) Form(string) Form { return Form{ID: s.ID, Short: s.Short, Handover: s.Key} }

// Console writes the staff's page.
func (d Desk) Console(to io.Writer) error { return write(to, "console", d) }

// SignIn writes the page on which somebody signs in.
func (d Desk) SignIn(to io.Writer) error { return write(to, "signin", d) }

// Line is the line's name.
func (d Desk) Line() string { return d.Name(d.Us) }

// Languages are those to choose from, each in itself.
func (d Desk) Languages() (all []struct {
	Tag, Name string
	Chosen    bool
}) {
	for _, one := range [][2]string{{"nb", "Norsk"}, {"da", "Dansk"}, {"en", "English"}} {
		all = append(all, struct {
			Tag, Name string
			Chosen    bool
		}{one[0], one[1], one[0] == d.Lang()})
	}
	return all
}

// Offer is a row of what the line is asked.
type Offer struct {
	Key, Name, From, Topics, Risk, Why string
	Live                               bool
	Left                               int
}

// Offers are those to answer, and those that went away, with the reason.
func (d Desk) Offers() (all []Offer) {
	for _, o := range d.Offered {
		if o.Offer.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED {
			continue // it has become a conversation
		}
		all = append(all, Offer{
			Key: "offer-" + strings.NewReplacer("/", "-").Replace(o.Offer.Name), Name: o.Offer.Name, From: d.Name(o.FromLine), Live: o.Live(), Left: d.left(o.Offer.Deadline.AsTime()),
			Topics: d.groups(o.Header.GetTopicGroups()), Risk: d.Code(o.Header.GetRisk()), Why: d.Code(o.Offer.State),
		})
	}
	return all
}

func (d Desk) groups(codes []string) string {
	var named []string
	for _, code := range codes {
		named = append(named, d.Topic(code))
	}
	return strings.Join(named, ", ")
}

// left is how many seconds the server has until an instant.
func (d Desk) left(until time.Time) int { return max(0, int(until.Sub(d.Now).Seconds())) }

// Ringing counts what waits for an answer.
func (d Desk) Ringing() (n int) {
	for _, o := range d.Offered {
		if o.Live() {
			n++
		}
	}
	return n + len(d.Signatures())
}

// Sound changes whenever the page must be heard: for each offer, and each time the platform alerts again.
func (d Desk) Sound() string {
	var now []string
	for _, o := range d.Offered {
		if o.Live() {
			now = append(now, o.Offer.Name+":"+strings.Repeat("i", int(o.Offer.Alerts)))
		}
	}
	return strings.Join(now, " ")
}

// Signatures are those that this person is asked for.
func (d Desk) Signatures() (all []Signature) {
	for _, s := range d.Asked {
		if s.For == d.Person.ID {
			s.ID = d.ID
			all = append(all, s)
		}
	}
	return all
}

// Declines are the reasons for saying no.
func (d Desk) Declines() Choice { return codes(d.Language, "code", handoverv1.DeclineCode(0)) }

// Rows is a list of conversations.
type Rows struct {
	Rows []Row
	None string
}

// Row is a conversation in a list.
type Row struct {
	Short, Title, Say string
	Chosen            bool
}

// Waiting are the children with whom nobody is, Mine the person's own conversations, Others the rest.
func (d Desk) Waiting() Rows { return d.rows(waiting) }
func (d Desk) Mine() Rows    { return d.rows(mine) }
func (d Desk) Others() Rows  { return d.rows(others) }

const (
	waiting = iota
	mine
	others
)

func (d Desk) rows(kind int) Rows {
	list := Rows{None: d.Staff("none")}
	for _, v := range d.Views {
		if d.kind(v) == kind && (!v.Left || d.owesOutcome(v)) {
			list.Rows = append(list.Rows, d.row(v))
		}
	}
	return list
}

// owesOutcome: the conversation has gone, and its outcome is still to come.
func (d Desk) owesOutcome(v line.View) bool {
	return v.Handover().GetState() == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
}

func (d Desk) kind(v line.View) int {
	switch present := v.Present(d.Us); {
	case slices.Contains(present, d.Person.ID):
		return mine
	case len(present) == 0 && v.Conversation.GetCustody().GetLine() == d.Us:
		return waiting
	default:
		return others
	}
}

func (d Desk) row(v line.View) Row {
	row := Row{Short: Short(v.Name), Title: d.Staff("conversation", Short(v.Name)), Chosen: v.Name == d.Chosen}
	row.Say = d.Staff("since", d.Clock(v.Opened, d.Zone)) + ". " + d.childIs(v)
	return row
}

func (d Desk) childIs(v line.View) string {
	switch {
	case v.Quickly:
		return d.Staff("left_quickly")
	case v.ChildPresent():
		return d.Staff("child_here")
	default:
		return d.Staff("child_away")
	}
}

// Short names a conversation in few characters; Full finds it again.
func Short(name string) string {
	id := strings.TrimPrefix(name, "conversations/")
	return id[:min(6, len(id))]
}

// Full finds the conversation that a short name means.
func Full(views []line.View, short string) string {
	for _, v := range views {
		if short != "" && Short(v.Name) == short {
			return v.Name
		}
	}
	return ""
}
