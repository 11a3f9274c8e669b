package rota

import (
	"regexp"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
)

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

const (
	wantNames    = "{nb: Odder kommune, da: Odder Kommune, en: Municipality of Odder}"
	wantUnits    = "odder: " + wantNames
	wantShift    = "18:00-21:00"
	wantZone     = "Europe/Copenhagen"
	wantDate     = "2026-12-24"
	wantInstant  = "2026-12-24 17:55"
	wantRule     = "FREQ=DAILY"
	wantRotation = "{first: " + wantDate + ", shifts: " + wantRule + ", order: [odder, samso]}"
)

// Parse reads a rota in the format of the package comment. It is all or nothing: the error
// joins one [yamlread.Error] per mistake, each with its line and column in the named file.
func Parse(name string, text []byte) (*Rota, error) {
	r := &Rota{dated: map[Date][]part{}}
	err := yamlread.Read(name, text, func(root yamlread.Value) {
		r.read(root.Fields("version", "line", "zone", "shift", "units", "rotation", "covers", "parts", "swaps", "sick"))
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Rota) read(fields yamlread.Fields) {
	r.readVersion(fields.Need("version", `"1"`))
	r.line, _ = readID(fields.Need("line", "brus"), "brus")
	r.readZone(fields.Need("zone", wantZone))
	r.readWindow(fields.Need("shift", wantShift))
	r.readUnits(fields.Need("units", "{"+wantUnits+"}"))
	r.readRotation(fields.Need("rotation", wantRotation))
	r.readOverrides(fields)
}

func (r *Rota) readVersion(value yamlread.Value) {
	text, ok := value.Text(`"1"`)
	if ok && !isName(text) {
		value.Refuse("the version is not a name; write one line of at most %d letters, without spaces around it", maxName)
	}
	r.version = text
}

// whole reports whether everything that overrides depend on was read.
func (r *Rota) whole() bool { return r.zone != nil && r.window != window{} && r.rotation != nil }

func readID(value yamlread.Value, example string) (string, bool) {
	id, ok := value.Text(example)
	if ok && !idPattern.MatchString(id) {
		value.Refuse("%q is not an id; write a to z, 0 to 9 and -, at most 63 and a letter first, for example %s", id, example)
		return "", false
	}
	return id, ok
}

func (r *Rota) readZone(value yamlread.Value) {
	name, ok := value.Text(wantZone)
	if !ok {
		return
	}
	zone := schedule.Zone(name)
	if zone == nil {
		value.Refuse("there is no time zone %q; write one of the IANA database, for example %s", name, wantZone)
		return
	}
	r.zone = zone
}

func (r *Rota) readWindow(value yamlread.Value) {
	text, ok := value.Text(wantShift)
	if !ok {
		return
	}
	window, ok := parseWindow(text)
	if !ok {
		value.Refuse("%q is not two times of day; write for example %s, or 22:00-02:00 beyond midnight; 24:00 is an end", text, wantShift)
		return
	}
	r.window = window
}
