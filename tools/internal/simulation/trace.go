package simulation

import (
	"fmt"
	"strconv"
	"strings"
)

// Trace is a schedule as it was played: the number of its world, and its moves.
type Trace struct {
	// World is the number of its directory of lines.
	World uint64
	Moves []Move
}

// String formats the trace as text, a move per line.
func (t Trace) String() string {
	lines := []string{fmt.Sprintf("world %d", t.World)}
	for _, m := range t.Moves {
		lines = append(lines, m.String())
	}
	return strings.Join(lines, "\n") + "\n"
}

// ParseTrace parses the output of String or Tell. It skips empty lines and those that
// begin with # or with two blanks, which hold the results of moves.
func ParseTrace(text string) (t Trace, err error) {
	for line := range strings.Lines(text) {
		told := strings.HasPrefix(line, "  ")
		line = strings.TrimSpace(line)
		world, begins := strings.CutPrefix(line, "world ")
		switch {
		case line == "" || told || strings.HasPrefix(line, "#"):
			continue
		case begins:
			t.World, err = strconv.ParseUint(world, 10, 64)
		default:
			var m Move
			m, err = ParseMove(line)
			t.Moves = append(t.Moves, m)
		}
		if err != nil {
			return t, err
		}
	}
	return t, nil
}

// Shrink removes from a trace that breaks a rule every move that the breach does not need.
func Shrink(t Trace) Trace {
	broken := firstRule(Play(t, nil))
	for i := len(t.Moves) - 1; i >= 0 && broken != ""; i-- {
		shorter := Trace{World: t.World, Moves: append(append([]Move{}, t.Moves[:i]...), t.Moves[i+1:]...)}
		if firstRule(Play(shorter, nil)) == broken {
			t = shorter
		}
	}
	return t
}

func firstRule(r Result) string {
	if len(r.Violations) == 0 {
		return ""
	}
	return r.Violations[0].Rule
}
