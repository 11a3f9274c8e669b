package hsds

import (
	"fmt"

	languages "golang.org/x/text/language"

	"github.com/stafett/stafett/pkg/directory/areacode"
	times "github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// NeverSaid lists the facts of a line that no HSDS has. A file that was imported lacks them.
const NeverSaid = "emergency, anonymous, retention, deadlines, capacity, receives_from, max_risk, holidays, and doors on chat and email"

// Given are facts that a person knows of all services of a document. They count for services
// that do not have them. The zero value gives none.
type Given struct {
	Country  string // ISO 3166-1 alpha-2
	TimeZone string // IANA
	Language string // BCP 47, of the services' names
	Channel  handoverv1.Channel
}

// Import is a file of lines that was made from HSDS.
type Import struct {
	// File is in the format of package linefile. A fact that is missing is left out, or is an
	// empty list, so that the file is refused until somebody has written it.
	File []byte
	// Services are the outcomes in the order of the document.
	Services []Outcome
	// Pages counts the pages of the feed, of which Page was imported, or is 0.
	Page, Pages int
}

// Outcome says what became of one service.
type Outcome struct {
	// ID is the service's, as written, or its place in the document.
	ID, Name string
	// Line is the id of the line that was made, or empty.
	Line string
	// Why says why no line was made.
	Why string
	// Missing are the fields of the line that must be written by hand.
	Missing []string
	// LeftOut says what the service has and the line does not, and why.
	LeftOut []string
}

// Lines makes lines of an HSDS 3 document: a service, an array, a page of a feed, or an
// organization with services. It guesses nothing: what is missing or unclear is left out and
// told. The error says that the whole document is unreadable.
func Lines(name string, text []byte, given Given, topics *taxonomy.Taxonomy) (Import, error) {
	if err := given.check(); err != nil {
		return Import{}, err
	}
	services, around, err := servicesIn(name, text)
	if err != nil {
		return Import{}, err
	}
	done := Import{Page: around.Page, Pages: around.Pages}
	seen := map[string]bool{}
	var lines []entry
	for i, f := range services {
		r := reading{given: given, topics: topics, number: i + 1}
		r.read(f, seen)
		done.Services = append(done.Services, r.outcome)
		if r.outcome.Line != "" {
			lines = append(lines, r.entry)
		}
	}
	done.File, err = fileOf(lines, done.Services)
	return done, err
}

func (g Given) check() error {
	_, err := languages.Parse(g.Language)
	switch {
	case g.Country != "" && (len(g.Country) != 2 || !areacode.Valid(g.Country)):
		return fmt.Errorf("%q is not a country; write two capital letters of ISO 3166-1, for example DK", g.Country)
	case g.TimeZone != "" && times.Zone(g.TimeZone) == nil:
		return fmt.Errorf("time zone %q is not known; write an IANA name, for example Europe/Oslo", g.TimeZone)
	case g.Language != "" && err != nil:
		return fmt.Errorf("%q is not a language; write a BCP 47 tag, for example nb, da or en", g.Language)
	}
	return nil
}
