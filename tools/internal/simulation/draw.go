package simulation

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// drawer draws the moves of a schedule while it is being played.
type drawer struct {
	*world
	random   *rand.Rand
	requests uint32
	// flying holds commands that the network delays; said holds those that it may duplicate.
	flying, said []Move
	// prompt: deadlines are mostly handled before anything else happens.
	prompt bool
	trace  []Move
}

// play draws and makes the given number of moves.
func (d *drawer) play(moves int) {
	for after := 0; moves > 0 && after < epilogue; moves-- {
		if d.newest.state.GetConversation().GetCloseTime() != nil {
			after++
		}
		m := d.next()
		d.trace = append(d.trace, m)
		d.told(m)
		d.move(m)
		if len(d.found) > 0 {
			return
		}
	}
}

// epilogue is the maximum number of moves after the conversation has closed.
const epilogue = 5

// one returns true one time in n.
func (d *drawer) one(n int) bool { return d.random.IntN(n) == 0 }

// near returns a replica: most of a conversation's commands reach the same one.
func (d *drawer) near() int {
	if d.one(4) {
		return 1
	}
	return 0
}

func (d *drawer) next() Move {
	if d.overdue() && d.one(4) != d.prompt {
		return Move{Kind: "tick", Replica: d.near()}
	}
	if m, drawn := d.doorMove(); drawn {
		return m
	}
	switch roll := d.random.IntN(100); {
	case roll < 12:
		return d.time()
	case roll < 16:
		return Move{Kind: "tick", Replica: d.near()}
	case roll < 20:
		return Move{Kind: []string{"crash", "sync", "sync"}[d.random.IntN(3)], Replica: d.random.IntN(replicas)}
	case roll < 21:
		return Move{Kind: "skew", Replica: d.random.IntN(replicas), By: d.span(8*time.Second) - 4*time.Second}
	case roll < 22 && d.one(2):
		return Move{Kind: "shut", Replica: d.random.IntN(replicas), Line: Lines[d.random.IntN(len(Lines))]}
	case roll < 23 && d.one(3):
		return Move{Kind: "rival", Replica: d.random.IntN(replicas), Line: d.coveted()}
	case roll < 25 && len(d.said) > 0:
		return d.again()
	case roll < 31 && len(d.flying) > 0:
		return d.lands()
	}
	return d.sends()
}

// overdue reports whether a deadline has passed that the platform has not handled.
func (d *drawer) overdue() bool {
	due, waiting := deadline.Due(d.newest.state.GetConversation())
	return waiting && !due.After(d.now)
}

// time advances the clock: a little, to the next deadline or close to it, or by up to a
// day.
func (d *drawer) time() Move {
	due, waiting := deadline.Due(d.newest.state.GetConversation())
	by := d.span(9 * time.Second)
	switch {
	case waiting && due.After(d.now) && d.one(d.patience()):
		by = due.Sub(d.now) + time.Duration(d.random.IntN(3)-1)*time.Second
	case d.one(40):
		by = d.span(24 * time.Hour)
	}
	return Move{Kind: "clock", By: max(by, 0)}
}

// patience: one in so many advances of the clock goes to the next deadline. In a draft that is rare, or
// most handovers would end there.
func (d *drawer) patience() int {
	if handover.Of(d.conversation()).Current().GetState() == handover.Proposed {
		return 40
	}
	return 3
}

// span draws whole seconds, to keep traces short.
func (d *drawer) span(most time.Duration) time.Duration {
	return time.Duration(d.random.Int64N(int64(most/time.Second)+1)) * time.Second
}

// sends draws a new command. Some are delayed, and some lose the acknowledgement of their
// commit.
func (d *drawer) sends() Move {
	d.requests++
	m := Move{Kind: "say", Replica: d.near(), Request: d.requests, Order: d.order()}
	switch d.random.IntN(24) {
	case 0:
		m.Kind = "lost"
	case 1, 2:
		d.flying = append(d.flying, m)
		return Move{Kind: "sync", Replica: 1}
	}
	d.said = append(d.said, m)
	return m
}

// lands delivers a delayed command, in any order.
func (d *drawer) lands() Move {
	i := d.random.IntN(len(d.flying))
	m := d.flying[i]
	d.flying = slices.Delete(d.flying, i, i+1)
	d.said = append(d.said, m)
	return m
}

// again delivers a command a second time, or another one under the same request id.
func (d *drawer) again() Move {
	m := d.said[d.random.IntN(len(d.said))]
	m.Kind, m.Replica = "say", d.random.IntN(replicas)
	if d.one(5) {
		m.Order = d.order()
	}
	return m
}

func (d *drawer) order() order.Order {
	if d.newest.state.Conversation == nil {
		return d.first()
	}
	o := d.fitting(d.command())
	if d.one(25) {
		d.spoil(&o)
	}
	return o
}
