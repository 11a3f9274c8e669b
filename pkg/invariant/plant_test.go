package invariant_test

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// fault is planted into one event of a history, if the event has what it spoils.
type fault struct {
	name  string
	plant func(s *story, commit, event int) bool
}

// clone copies a story, so that it can be spoilt.
func (s *story) clone() *story {
	c := &story{now: s.now}
	for _, a := range s.appends {
		c.appends = append(c.appends, proto.CloneOf(a))
	}
	return c
}

// faultsOf are the faults that a kind of event can have.
func faultsOf(kind protoreflect.MessageDescriptor) []fault {
	name := string(kind.Name())
	faults := []fault{
		{name + " by a stranger", byStranger}, {name + " by another service", byAnotherService}, {name + " twice", doubled},
	}
	for i := range kind.Fields().Len() {
		faults = append(faults, faultsOfField(kind.Fields().Get(i))...)
	}
	return faults
}

func byStranger(s *story, c, _ int) bool {
	s.appends[c].Caller = "spiffe://stafett.test/line/somebody-else"
	return true
}

func byAnotherService(s *story, c, _ int) bool {
	s.appends[c].Service = map[string]string{"intake": "routing", "routing": "triage", "triage": "intake"}[s.appends[c].Service]
	return true
}

func doubled(s *story, c, e int) bool {
	s.appends[c].Events = slices.Insert(s.appends[c].Events, e+1, proto.CloneOf(s.appends[c].Events[e]))
	return true
}

func faultsOfField(f protoreflect.FieldDescriptor) []fault {
	of := string(f.Parent().Name()) + "." + string(f.Name())
	switch {
	case f.IsList() || f.IsMap():
		return nil
	case f.Kind() == protoreflect.StringKind:
		return []fault{{of, changing(f, func(protoreflect.Value) any { return "somebody-else" })}}
	case f.Kind() == protoreflect.Uint32Kind:
		return []fault{{of, changing(f, func(v protoreflect.Value) any { return uint32(v.Uint()) + 1 })}}
	case f.Kind() == protoreflect.BytesKind:
		return []fault{{of + " cut", changing(f, func(v protoreflect.Value) any { return v.Bytes()[:len(v.Bytes())-1] })}}
	case isTime(f):
		return []fault{{of + " missed", missing(f)}, {of, changing(f, func(protoreflect.Value) any {
			return timestamppb.New(begin().now.Add(-time.Hour)).ProtoReflect()
		})}}
	}
	return nil
}

func isTime(f protoreflect.FieldDescriptor) bool {
	return f.Message() != nil && f.Message().FullName() == "google.protobuf.Timestamp"
}

// changing gives a field that is set another value.
func changing(f protoreflect.FieldDescriptor, to func(protoreflect.Value) any) func(*story, int, int) bool {
	return func(s *story, c, e int) bool {
		m := inside(s.appends[c].Events[e]).ProtoReflect()
		if !m.Has(f) {
			return false
		}
		m.Set(f, protoreflect.ValueOf(to(m.Get(f))))
		return true
	}
}

// missing lets nothing happen after an event until more than five seconds after a time in it.
func missing(f protoreflect.FieldDescriptor) func(*story, int, int) bool {
	return func(s *story, c, e int) bool {
		m := inside(s.appends[c].Events[e]).ProtoReflect()
		if !m.Has(f) || c+1 == len(s.appends) {
			return false
		}
		due := m.Get(f).Message().Interface().(*timestamppb.Timestamp).AsTime()
		s.later(c+1, due.Add(6*time.Second).Sub(s.appends[c+1].RecordTime.AsTime()))
		return true
	}
}
