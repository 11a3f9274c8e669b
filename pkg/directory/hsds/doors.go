package hsds

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/directory/areacode"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// readTopics takes the topics of Stafett's own taxonomy. Those of others would have to be
// translated by somebody who knows the line.
func (r *reading) readTopics() {
	for _, a := range r.service.Attributes {
		t := a.TaxonomyTerm
		switch {
		case !strings.HasPrefix(t.Taxonomy, ourTaxonomy):
			r.leaveOut("attribute %q: it is not of Stafett's topics", cmp.Or(t.Name, a.ID))
		case t.Code != taxonomy.Everything && !r.topics.Known(t.Code):
			r.leaveOut("topic %q is not in the taxonomy", t.Code)
		case !slices.Contains(r.entry.Topics, t.Code):
			r.entry.Topics = append(r.entry.Topics, t.Code)
		}
	}
	if len(r.entry.Topics) == 0 {
		r.miss("topics")
	}
}

// areas reads the areas by their codes. If one has none, the line must not be read as one for
// children anywhere.
func (r *reading) areas() {
	codes := []string{}
	for _, a := range r.service.ServiceAreas {
		switch {
		case a.ExtentType != "" && a.ExtentType != "text" || !areacode.Valid(a.Extent):
			r.leaveOut("service area %q: its extent is not the code of a country, a subdivision (NO-03) or a municipality", cmp.Or(a.Name, a.ID))
		case !slices.Contains(codes, a.Extent):
			codes = append(codes, a.Extent)
		}
	}
	if len(codes) == 0 {
		r.miss("service_areas (write its areas, or remove the field if it is for children anywhere)")
	}
	r.entry.ServiceAreas = &codes
}

var (
	dialled     = regexp.MustCompile(`^\+?[0-9]{3,15}$`)
	punctuation = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "(", "", ")", "", ".", "", `"`, "")
	fromAreas   = regexp.MustCompile(`^From ([A-Z0-9-]+(?:, [A-Z0-9-]+)*)\.$`)
	doorsOf     = map[string]string{"voice": "phone", "text": "sms"}
)

// phones reads the numbers that people can call or write to.
func (r *reading) phones() {
	for _, p := range r.service.Phones {
		channel, number := doorsOf[p.Type], punctuation.Replace(p.Number)
		switch {
		case channel == "":
			r.leaveOut("phone %q: its type %q is neither voice nor text", p.Number, p.Type)
		case len(p.Extension) > 0 && string(p.Extension) != "null":
			r.leaveOut("phone %q: nobody can dial its extension %s directly", p.Number, p.Extension)
		case !dialled.MatchString(number):
			r.leaveOut("phone %q: write 3 to 15 digits", p.Number)
		default:
			r.entry.Doors = append(r.entry.Doors, r.door(channel, number, p))
		}
	}
}

func (r *reading) door(channel, number string, p phone) door {
	d := door{ID: fmt.Sprintf("%s-%d", channel, len(r.entry.Doors)+1), Channel: channel, Number: number}
	if areas := fromAreas.FindStringSubmatch(p.Description); areas != nil {
		d.Areas = strings.Split(areas[1], ", ")
	}
	if slices.ContainsFunc(d.Areas, func(area string) bool { return !areacode.Valid(area) }) {
		d.Areas = nil
	}
	if p.Description != "" && d.Areas == nil {
		r.leaveOut("phone %q: its description %q", p.Number, p.Description)
	}
	return d
}
