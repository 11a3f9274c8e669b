package simulation

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// Move is one thing that happens in a world. The kinds are
//
//	say 0 7 AcceptOffer line=b handover=1 offer=1
//
// a command with request id 7 reaches replica 0 ("lost": the acknowledgement of its commit
// does not arrive);
//
//	tick 1      the timer of replica 1 fires, whether or not anything is due
//	sync 1      replica 1 reads what the log has
//	crash 1     replica 1 forgets everything and rebuilds from the log
//	clock 45s   time goes on
//	skew 1 -3s  the clock of replica 1 is off by so much
//	rival 1 b   a child in imminent danger needs the seat of line b, or no longer does; replica 1 takes it
//	shut 1 b    line b can take nobody, or can again; replica 1 looks at its offers
type Move struct {
	Kind    string
	Replica int
	Request uint32
	By      time.Duration
	Line    string
	Order   order.Order
}

// String formats the move as one line.
func (m Move) String() string {
	switch m.Kind {
	case "say", "lost":
		return fmt.Sprintf("%s %d %d %s", m.Kind, m.Replica, m.Request, m.Order)
	case "clock":
		return fmt.Sprintf("clock %s", m.By)
	case "skew":
		return fmt.Sprintf("skew %d %s", m.Replica, m.By)
	case "shut", "rival":
		return fmt.Sprintf("%s %d %s", m.Kind, m.Replica, m.Line)
	}
	return fmt.Sprintf("%s %d", m.Kind, m.Replica)
}

// ParseMove parses the output of String.
func ParseMove(text string) (m Move, err error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return m, fmt.Errorf("%q is not a move", text)
	}
	m.Kind = words[0]
	if m.Kind == "clock" {
		m.By, err = time.ParseDuration(words[1])
		return m, err
	}
	if m.Replica, err = strconv.Atoi(words[1]); err != nil || m.Replica < 0 || m.Replica >= replicas {
		return m, fmt.Errorf("%q: there is no replica %s", text, words[1])
	}
	return m, m.parseRest(text, words[2:])
}

func (m *Move) parseRest(text string, rest []string) (err error) {
	switch {
	case m.Kind == "tick" || m.Kind == "sync" || m.Kind == "crash":
	case m.Kind == "skew" && len(rest) == 1:
		m.By, err = time.ParseDuration(rest[0])
	case (m.Kind == "shut" || m.Kind == "rival") && len(rest) == 1:
		m.Line = rest[0]
	case (m.Kind == "say" || m.Kind == "lost") && len(rest) > 1:
		var request uint64
		if request, err = strconv.ParseUint(rest[0], 10, 32); err == nil {
			m.Request = uint32(request)
			m.Order, err = order.Parse(strings.Join(rest[1:], " "))
		}
	default:
		err = fmt.Errorf("%q is not a move", text)
	}
	return err
}
