package order

import (
	"bytes"
	"encoding/binary"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/staffkey"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Scene is what the people who sign an order are shown.
type Scene struct {
	Conversation *statev1.Conversation
	Now          time.Time
	// Number tells signatures of one scene from those of another. 0: all scenes have the same time, and what
	// was signed once may be used in each.
	Number uint32
}

// Flaws are what may be wrong with the second signature.
var Flaws = []string{"command", "conversation", "epoch", "risk", "consent", "handover", "late", "early", "unknown", "nonce"}

// Signable reports whether two persons sign a request, or may have to.
func Signable(request proto.Message) bool {
	return request.ProtoReflect().Descriptor().Fields().ByName("signatures") != nil
}

// signed returns the request with the signatures of those who sign it.
func (o Order) signed(at Scene) proto.Message {
	if len(o.Signed) == 0 || !Signable(o.Request) {
		return o.Request
	}
	request := proto.Clone(o.Request)
	field := request.ProtoReflect().Descriptor().Fields().ByName("signatures")
	list := request.ProtoReflect().Mutable(field).List()
	shown := handover.Of(at.Conversation).Shown(o.Command.Name, staffkey.RequestHash(o.Command.Name, o.Request))
	for i, name := range o.Signed {
		signature := sign(staff(o.Line, name), shown, at)
		if i == 1 && o.Flaw != "" {
			signature = o.flawed(name, shown, at)
		}
		list.Append(protoreflect.ValueOfMessage(signature.ProtoReflect()))
	}
	return request
}

// flawed returns a signature that must not count.
func (o Order) flawed(name string, shown *handoverv1.Shown, at Scene) *handoverv1.SecondSignature {
	shown, person := proto.CloneOf(shown), staff(o.Line, name)
	switch o.Flaw {
	case "command":
		shown.RequestHash = bytes.Repeat([]byte{1}, 32)
	case "conversation":
		shown.Conversation += "b"
	case "epoch":
		shown.Epoch++
	case "risk":
		shown.RiskLevel++
	case "consent":
		shown.ConsentPosition++
	case "handover":
		shown.HandoverState++
	case "late":
		at.Now = at.Now.Add(-2 * handover.SignatureCounts)
	case "early":
		at.Now = at.Now.Add(time.Hour)
	case "unknown":
		person = stafftest.New(o.Line, name, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR)
	case "nonce":
		at.Number = 1 // that of every signature with this flaw
	}
	return sign(person, shown, at)
}

func sign(p stafftest.Person, shown *handoverv1.Shown, at Scene) *handoverv1.SecondSignature {
	number := binary.BigEndian.AppendUint32(nil, at.Number)
	if at.Number > 0 {
		return p.Sign(shown, at.Now, number)
	}
	is := [5]any{string(p.ID), string(shown.RequestHash), shown.Epoch, [2]int32{int32(shown.RiskLevel), int32(shown.HandoverState)}, shown.Handover}
	if known, ok := made.Load(is); ok {
		return known.(*handoverv1.SecondSignature)
	}
	signature := p.Sign(shown, at.Now, number)
	made.Store(is, signature)
	return signature
}

// made has the signatures of scenes without a number.
var made sync.Map

// people are those of each line, with their keys.
var people = func() map[string]map[string]stafftest.Person {
	all := map[string]map[string]stafftest.Person{}
	for _, line := range []string{"a", "b", "c", "d"} {
		all[line] = map[string]stafftest.Person{"child": stafftest.New(line, "child", handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR)}
		for _, name := range []string{line + "1", line + "2"} {
			all[line][name] = stafftest.New(line, name, handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR)
		}
		for _, name := range []string{line + "3", line + "9"} {
			all[line][name] = stafftest.New(line, name, handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR)
		}
	}
	return all
}()

func staff(line, name string) stafftest.Person {
	if p, known := people[line][name]; known {
		return p
	}
	return stafftest.New(line, name, handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR)
}

// registered finds the keys of a line's people.
func registered(line string) handover.Staff {
	return func(id []byte) *handoverv1.StaffKey {
		for _, p := range people[line] {
			if bytes.Equal(p.ID, id) {
				return p.Key
			}
		}
		return nil
	}
}
