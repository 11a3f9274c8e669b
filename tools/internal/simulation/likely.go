package simulation

import (
	"math/rand/v2"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// likely weights commands.
type likely struct {
	commands []*command.Definition
	weights  []int
	total    int
}

func (l *likely) add(d *command.Definition, weight int) {
	if weight > 0 {
		l.commands, l.weights, l.total = append(l.commands, d), append(l.weights, weight), l.total+weight
	}
}

func (l *likely) draw(random *rand.Rand) *command.Definition {
	n := random.IntN(l.total)
	for i, weight := range l.weights {
		if n -= weight; n < 0 {
			return l.commands[i]
		}
	}
	return nil
}

// What people do in each state of a handover, mostly what advances it; at any time; and
// after the conversation has closed.
var (
	onward     = byState()
	beside     = drawn(func(_ *command.Definition, w weight) int { return w.anytime })
	afterwards = drawn(func(_ *command.Definition, w weight) int { return w.afterwards })
)

func byState() map[handoverv1.HandoverState]*likely {
	all := map[handoverv1.HandoverState]*likely{}
	for number := range handoverv1.HandoverState_name {
		state := handoverv1.HandoverState(number)
		all[state] = drawn(func(d *command.Definition, w weight) int {
			switch {
			case !alone(d) && !d.Allows(state):
				return 0
			case state == 0, handover.Ended(state):
				return w.between
			case state >= handoverv1.HandoverState_HANDOVER_STATE_BRIEFING:
				return w.during + w.together
			}
			return w.during
		})
	}
	return all
}

// alone reports whether a command needs no handover.
func alone(d *command.Definition) bool { return d.States == nil }

func drawn(weigh func(*command.Definition, weight) int) *likely {
	l := &likely{}
	for _, d := range order.Commands {
		l.add(d, weigh(d, weightOf(d)))
	}
	return l
}
