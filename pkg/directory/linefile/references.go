package linefile

import (
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// references are what the lines of one file say about each other. They are checked once all
// lines are read.
type references struct {
	lines     map[string]yamlread.Value
	known     func(id string) bool // from elsewhere
	mentioned []mention
	doors     map[doorKey]yamlread.Value
}

type mention struct {
	at yamlread.Value
	id string
}

// doorKey is what may lead to one line only. The area is empty for a door without areas.
type doorKey struct {
	channel      handoverv1.Channel
	number, area string
}

func (r *references) mention(at yamlread.Value, id string) {
	r.mentioned = append(r.mentioned, mention{at, id})
}

// open refuses a door whose channel, number and area another door already has.
func (r *references) open(at yamlread.Value, door *handoverv1.Door) {
	areas := door.GetAreas()
	if len(areas) == 0 {
		areas = []string{""}
	}
	for _, area := range areas {
		key := doorKey{door.GetChannel(), door.GetNumber(), area}
		if before, taken := r.doors[key]; taken {
			at.Refuse("number %s leads from the same place to the line at %s; write other areas", door.GetNumber(), before.Place())
			return
		}
		r.doors[key] = at
	}
}

func (r *references) check() {
	for _, m := range r.mentioned {
		if _, here := r.lines[m.id]; !here && !r.known(m.id) {
			m.at.Refuse("there is no line %q in this file; write the id of one that is", m.id)
		}
	}
}
