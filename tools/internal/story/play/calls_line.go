package play

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// ofLine builds the requests of verbs about the actor's own line.
var ofLine = map[story.Verb]func(*player, *story.Step) call{
	"close line": func(p *player, s *story.Step) call {
		return send(p.at(s).Directory.CloseLine, &routingv1.CloseLineRequest{
			RequestId: p.requestID(s), Line: handover.LineName(s.Who.Line), Reason: s.Closure, EndTime: timestamppb.New(s.At.Add(s.For)),
		})
	},
	"reopen line": func(p *player, s *story.Step) call {
		return send(p.at(s).Directory.ReopenLine, &routingv1.ReopenLineRequest{RequestId: p.requestID(s), Line: handover.LineName(s.Who.Line)})
	},
	"report sick": func(p *player, s *story.Step) call {
		sick := &handoverv1.RotaSick{Unit: s.Unit, EndTime: timestamppb.New(s.At.Add(s.For))}
		return p.changeRota(s, &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Sick{Sick: sick}})
	},
	"report well": func(p *player, s *story.Step) call {
		return p.changeRota(s, &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{Unit: s.Unit}}})
	},
	"swap shifts": func(p *player, s *story.Step) call {
		swap := &handoverv1.RotaSwap{FirstDate: s.Dates[0], SecondDate: s.Dates[1]}
		return p.changeRota(s, &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Swap{Swap: swap}})
	},
	"cover shift": func(p *player, s *story.Step) call {
		cover := &handoverv1.RotaCover{Date: s.Dates[0], Unit: s.Unit}
		return p.changeRota(s, &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: cover}})
	},
}

// changeRota changes the rota of the actor's own line.
func (p *player) changeRota(s *story.Step, change *handoverv1.RotaChange) call {
	change.By = s.Who.Name
	return send(p.at(s).Directory.ChangeRota, &routingv1.ChangeRotaRequest{
		RequestId: p.requestID(s), Line: handover.LineName(s.Who.Line), Changes: []*handoverv1.RotaChange{change},
	})
}
