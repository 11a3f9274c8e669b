package story

import (
	"bytes"
	"reflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	asStaff      = handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR
	asSupervisor = handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR
)

// Staff is a person of a line with a key. Only the chief is a supervisor.
func Staff(line, name string) stafftest.Person {
	if name == "chief" {
		return stafftest.New(line, name, asStaff, asSupervisor)
	}
	return stafftest.New(line, name, asStaff)
}

// hash stands for that of a command's request.
var hash = bytes.Repeat([]byte{7}, 32)

// Signs has two persons of the command's line sign it, as they see the conversation now.
func (s *Story) Signs(c decide.Command, first, second string) decide.Command {
	line := reflect.ValueOf(c).FieldByName("Line").String()
	return With(c, "Signed", s.signed(CommandName(c), Staff(line, first), Staff(line, second)))
}

func (s *Story) signed(command string, people ...stafftest.Person) persons.Signed {
	signed := persons.Signed{Hash: hash, Staff: func(id []byte) *handoverv1.StaffKey {
		for _, p := range people {
			if bytes.Equal(p.ID, id) {
				return p.Key
			}
		}
		return nil
	}}
	for _, p := range people {
		shown := handover.Of(s.State.GetConversation()).Shown(command, hash)
		signed.Signatures = append(signed.Signatures, p.Sign(shown, s.Now, []byte{byte(len(s.History) >> 8), byte(len(s.History))}))
	}
	return signed
}

// names are the persons whom a command names: they sign it, unless the test says who does.
func names(c reflect.Value) (first, second string) {
	name := func(field string) string {
		if f := c.FieldByName(field); f.IsValid() {
			return f.String()
		}
		return ""
	}
	return name("Participant"), name("SecondPerson") + name("Supervisor")
}

// signs lets the two persons sign whom a command names.
func (s *Story) signs(c decide.Command) decide.Command {
	v := reflect.ValueOf(c)
	field := v.FieldByName("Signed")
	if !field.IsValid() || field.Interface().(persons.Signed).Signatures != nil {
		return c
	}
	first, second := names(v)
	if second == "" {
		return c
	}
	if first == "" {
		first = "kim"
	}
	return s.Signs(c, first, second)
}

// hears has kim hear a yes over the phone, unless the test says who does or nobody is there.
func (s *Story) hears(c decide.Command) decide.Command {
	yes, gives := c.(command.GiveConsent)
	on := handover.Of(s.State.GetConversation())
	if gives && yes.HeardBy == "" && on.GetChannel() == Phone && !on.Handover(yes.Handover).AtDoor() {
		yes.HeardBy = "kim"
		return yes
	}
	return c
}
