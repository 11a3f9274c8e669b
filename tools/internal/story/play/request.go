package play

import (
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

type recorded = handoverv1.Recorded

// answer is the response to a command.
type answer interface {
	proto.Message
	GetRecorded() *recorded
}

// sends returns the call of the RPC that takes a request.
func sends(at *client.Platform, request proto.Message) call {
	method := story.Method(request)
	return func(ctx context.Context) (answer, error) {
		kind, err := protoregistry.GlobalTypes.FindMessageByName(method.Output().FullName())
		if err != nil {
			return nil, err
		}
		response := kind.New().Interface().(answer)
		return response, at.Call(ctx, method, request, response)
	}
}

// at returns the platform as the line of whoever acts in a step sees it; the child's is the one that
// holds its leg.
func (p *player) at(s *story.Step) *client.Platform { return p.lines[p.lineOf(s)] }

func (p *player) lineOf(s *story.Step) string {
	if s.Who.Role == story.Child && p.leg != "" {
		return p.leg
	}
	return s.Who.Line
}

// request completes what a step sends with what the line's system knows: which
// conversation it is about, and who acts. It changes nothing that the story says itself.
func (p *player) request(ctx context.Context, s *story.Step) (proto.Message, error) {
	m := proto.Clone(s.Request).ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		if m.Has(field) {
			continue
		}
		value, err := p.known(ctx, s, field)
		if err != nil {
			return nil, err
		}
		if value.IsValid() {
			m.Set(field, value)
		}
	}
	p.complete(s, m.Interface())
	if err := p.keys(ctx, s, m.Interface()); err != nil {
		return nil, err
	}
	return m.Interface(), p.sign(ctx, s, m.Interface())
}

// known returns the value of a field of any request that has it, or an invalid one.
func (p *player) known(ctx context.Context, s *story.Step, field protoreflect.FieldDescriptor) (protoreflect.Value, error) {
	switch field.Name() {
	case "request_id":
		return protoreflect.ValueOfString(p.requestID(s)), nil
	case "conversation":
		return protoreflect.ValueOfString(p.played.Conversation), nil
	case "handover":
		if s.Handover > 0 {
			return protoreflect.ValueOfString(handover.HandoverName(p.played.Conversation, s.Handover)), nil
		}
		return protoreflect.ValueOfString(p.handover), nil
	case "offer":
		name, err := p.offer(ctx, s.Who.Line)
		return protoreflect.ValueOfString(name), err
	case "consultation":
		name, err := p.consultation(ctx, s)
		return protoreflect.ValueOfString(name), err
	case "line":
		return protoreflect.ValueOfString(handover.LineName(s.Who.Line)), nil
	case "participant", "supervisor":
		return protoreflect.ValueOfString(s.Who.Name), nil
	}
	return protoreflect.Value{}, nil
}
