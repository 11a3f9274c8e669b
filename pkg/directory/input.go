package directory

import (
	"github.com/stafett/stafett/pkg/directory/areacode"
	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// unknown stands for an unknown number.
const unknown = -1

var unknownSeats = rules.Number(rules.FreeTenths, unknown) | rules.Number(rules.Queue, unknown)

// inputOfSeats is the rule input from a line's seats while they are known.
func (e *entry) inputOfSeats(channel handoverv1.Channel, risk handoverv1.RiskLevel) rules.Input {
	seats := e.seats[channel]
	left, tenths := seats.LeftFor(risk), int32(unknown)
	if all := e.capacity[channel]; all > 0 {
		tenths = min(10, 10*left/all)
	}
	return rules.Flag(rules.SeatsKnown, true) | rules.Number(rules.Free, left) |
		rules.Number(rules.FreeTenths, tenths) | rules.Number(rules.Queue, seats.Queue)
}

// input combines all rule inputs for a line.
func (d *decision) input(r *row) rules.Input {
	in, seats := r.wayIn(d.channel, d.area), unknownSeats
	if !d.need.Later {
		seats = r.inputOfSeats(d.channel, d.need.Header.GetRisk(), d.now)
	}
	return d.asks | r.asks | seats |
		d.topics[r.topics] | d.languages[r.languages] | d.areas[r.areas] | d.receptions[r.receptions] |
		rules.Flag(rules.HasDoor, in != fit.NoWay) | rules.Flag(rules.ForPlace, in == fit.OwnWay) |
		rules.Flag(rules.AnswersChannel, r.answersOn(d.channel)) | rules.Flag(rules.Received, r.entry == d.from)
}

// inputsOfLists computes the rule inputs of the lists that lines share.
func (d *decision) inputsOfLists(of *lists, about fit.Subject) {
	language, area := fit.BaseOf(d.need.Header.GetLanguageCode()), d.area
	d.topics = inputsOf(of.topics.all, about.Input)
	d.languages = inputsOf(of.languages.all, func(spoken []string) rules.Input { return fit.Languages(spoken, language) })
	d.areas = inputsOf(of.areas.all, func(served []string) rules.Input { return rules.Flag(rules.InArea, areacode.Serves(served, area)) })
	d.receptions = inputsOf(of.receptions.all, func(list []*handoverv1.Reception) rules.Input {
		return rules.Flag(rules.Received, d.received(list))
	})
}

func inputsOf[T any](all []T, input func(T) rules.Input) []rules.Input {
	inputs := make([]rules.Input, len(all))
	for i := range all {
		inputs[i] = input(all[i])
	}
	return inputs
}

// received reports whether a line with this reception list takes children from the sender in
// the requested way or a closer one.
func (d *decision) received(list []*handoverv1.Reception) bool {
	if d.need.FromLine == "" {
		return true
	}
	way := fit.Receives(list, d.need.FromLine)
	return way == fit.Warm || way == d.way
}
