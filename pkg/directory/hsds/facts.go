package hsds

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	languages "golang.org/x/text/language"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
)

// maxAge is the highest age of a line, and means everybody.
const maxAge = 120

// facts reads what a service says of itself.
func (r *reading) facts() {
	s := r.service
	r.entry.Status, r.entry.Alert = s.Status, text(strings.TrimSpace(s.Alert))
	if r.given.Language == "" {
		r.miss("names (HSDS does not say in which language %q is)", s.Name)
	} else {
		r.entry.Names = map[string]text{r.given.Language: text(s.Name)}
	}
	if r.entry.Country = r.given.Country; r.entry.Country == "" {
		r.miss("country")
	}
	r.entry.Operator = text(s.Organization.Name)
	if err := yamlread.CheckName(s.Organization.Name); err != nil {
		r.entry.Operator = ""
		r.miss("operator (its organization: %v)", err)
	}
	if _, err := times.ParseDate(s.AssuredDate); err == nil {
		r.entry.AssuredDate = s.AssuredDate
	} else if s.AssuredDate != "" {
		r.leaveOut("assured_date: %v", err)
	}
	r.ages()
	r.languages()
	r.readTopics()
}

func (r *reading) ages() {
	youngest, oldest := r.service.MinimumAge, r.service.MaximumAge
	whole := func(age *float64) bool { return age != nil && *age == math.Trunc(*age) && 0 <= *age && *age <= maxAge }
	if whole(youngest) && whole(oldest) && *youngest <= *oldest && *oldest > 0 {
		r.entry.Ages = fmt.Sprintf("%.0f-%.0f", *youngest, *oldest)
		return
	}
	r.miss("ages (HSDS has minimum_age %s and maximum_age %s; a line needs whole years up to %d)", age(youngest), age(oldest), maxAge)
}

func age(a *float64) string {
	if a == nil {
		return "absent"
	}
	return fmt.Sprint(*a)
}

func (r *reading) languages() {
	for _, l := range r.service.Languages {
		tag, err := languages.Parse(l.Code)
		switch {
		case l.Code == "" || err != nil:
			r.leaveOut("language %q: its code %q is not a language", cmp.Or(l.Name, l.ID), l.Code)
		case !slices.Contains(r.entry.Languages, tag.String()):
			r.entry.Languages = append(r.entry.Languages, tag.String())
		}
	}
	if len(r.entry.Languages) == 0 {
		r.miss("languages")
	}
}
