package rota

import (
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
)

const wantPart = "{date: " + wantDate + ", unit: odder, from: 2026-12-24 19:00, until: 2026-12-24 20:00}"

// restored is a cover that keeps its original reason.
type restored struct {
	Cover
	why Why
}

func (c restored) apply(r *Rota, at time.Time) error { return c.put(r, at, c.why) }

func (r *Rota) readPart(value yamlread.Value) {
	fields := value.Fields("date", "unit", "from", "until", "why")
	date, dated := readDate(fields.Need("date", wantDate))
	unit, known := r.readCover(fields.Need("unit", "odder"))
	from, begins := r.readBound(fields, "from")
	until, ends := r.readBound(fields, "until")
	why, told := readWhy(fields)
	if dated && known && begins && ends && told {
		r.override(value, restored{Cover{date, unit, from, until}, why})
	}
}

// readBound reads an optional instant.
func (r *Rota) readBound(fields yamlread.Fields, key string) (time.Time, bool) {
	value, given := fields.Get(key)
	if !given {
		return time.Time{}, true
	}
	return r.readInstant(value)
}

func readWhy(fields yamlread.Fields) (Why, bool) {
	value, given := fields.Get("why")
	if !given {
		return Covered, true
	}
	text, ok := value.Text(string(Swapped))
	why := Why(text)
	if ok && why != Covered && why != Swapped {
		value.Refuse("a part has no reason %q; write %s or %s", text, Covered, Swapped)
		return "", false
	}
	return why, ok
}
