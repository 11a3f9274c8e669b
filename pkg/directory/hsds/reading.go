package hsds

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
)

// statuses are those of HSDS, in whose words files of lines are written.
var statuses = []string{"active", "inactive", "defunct", "temporarily closed"}

// reading makes a line of one service.
type reading struct {
	given   Given
	topics  *taxonomy.Taxonomy
	number  int
	service service
	entry   entry
	outcome Outcome
	// zones are those in which the service's times are given; specials those of exceptions,
	// which are always the line's.
	zones, specials []string
	// unsure is set when days could not be read on which the line may be closed.
	unsure bool
}

func (r *reading) read(f found, seen map[string]bool) {
	var err error
	r.service, err = f.decode()
	r.outcome.ID = printable(cmp.Or(r.service.ID, fmt.Sprintf("number %d", r.number)))
	r.outcome.Name = printable(r.service.Name)
	if err == nil {
		err = r.refusal(seen)
	}
	if err != nil {
		r.outcome.Why = printable(err.Error())
		return
	}
	r.outcome.Line = r.entry.ID
	r.facts()
	r.phones()
	r.areas()
	r.schedules()
	r.unsureDays()
	r.place()
}

// refusal says why a service names no line.
func (r *reading) refusal(seen map[string]bool) error {
	s := r.service
	if err := r.identify(seen); err != nil {
		return err
	}
	if s.Name == "" {
		return errors.New("it has no name")
	}
	if err := yamlread.CheckName(s.Name); err != nil {
		return fmt.Errorf("its name %q: %w", s.Name, err)
	}
	if !slices.Contains(statuses, s.Status) {
		return fmt.Errorf("its status is %q; HSDS 3 has %s", s.Status, strings.Join(statuses, ", "))
	}
	if len(s.Phones) == 0 && !slices.ContainsFunc(s.Schedules, r.hasChannel) {
		return errors.New("it names no line: it has no phone, and no schedule whose attending_type is chat, phone, sms or email")
	}
	return nil
}

// identify makes the line's id, which stays the same when the service is renamed.
func (r *reading) identify(seen map[string]bool) error {
	id, err := uuid.Parse(r.service.ID)
	if err != nil {
		return fmt.Errorf("its id %q is not a UUID, so nothing would find it again", r.service.ID)
	}
	r.entry.ID = "hsds-" + id.String()
	if seen[r.entry.ID] {
		return errors.New("another service before it has the same id")
	}
	seen[r.entry.ID] = true
	return nil
}

func (r *reading) hasChannel(s schedule) bool {
	channels, err := r.channels(s)
	return err == nil && len(channels) > 0
}

// printable replaces what would end a line of a file or of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
}

func (r *reading) miss(format string, args ...any) {
	r.outcome.Missing = append(r.outcome.Missing, printable(fmt.Sprintf(format, args...)))
}

func (r *reading) leaveOut(format string, args ...any) {
	r.outcome.LeftOut = append(r.outcome.LeftOut, printable(fmt.Sprintf(format, args...)))
}
