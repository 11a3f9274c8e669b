package hsds

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	languages "golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ourTaxonomy begins the name of a taxonomy of topics; its version follows.
const ourTaxonomy = "Stafett topics "

// id returns the UUID that HSDS requires, always the same for the same parts.
func id(parts ...any) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://stafett.org/"+strings.TrimSuffix(fmt.Sprintln(parts...), "\n"))).String()
}

func serviceOf(line *handoverv1.Line) service {
	name, alternate := names(line)
	s := service{
		ID: id(line.GetName()), Name: name, AlternateName: alternate, Description: line.GetDisplayNames()["en"],
		Status: status(line.GetStatus()), Alert: line.GetAlert(), AssuredDate: line.GetAssuredDate(),
		MinimumAge:   inYears(line.GetAges().GetMinYears()),
		Organization: organization{id("organization", line.GetOperator()), line.GetOperator(), line.GetOperator()},
		Phones:       phones(line),
		Schedules:    schedules(line),
	}
	if oldest := line.GetAges().GetMaxYears(); oldest > 0 {
		s.MaximumAge = inYears(oldest)
	}
	for _, code := range line.GetServiceAreas() {
		s.ServiceAreas = append(s.ServiceAreas, area{id(line.GetName(), "area", code), code, code, "text"})
	}
	for _, tag := range line.GetLanguages() {
		s.Languages = append(s.Languages, languageOf(line, tag))
	}
	for _, topic := range line.GetTopics() {
		s.Attributes = append(s.Attributes, attribute{id(line.GetName(), "topic", topic), termOf(topic)})
	}
	return s
}

func inYears(n int32) *float64 {
	f := float64(n)
	return &f
}

// names returns the name in the line's first language, and those in the others.
func names(line *handoverv1.Line) (name, alternate string) {
	var others []string
	for _, tag := range slices.Sorted(maps.Keys(line.GetDisplayNames())) {
		others = append(others, line.GetDisplayNames()[tag])
	}
	if spoken := line.GetLanguages(); len(spoken) > 0 {
		name = line.GetDisplayNames()[spoken[0]]
	}
	if name == "" && len(others) > 0 {
		name = others[0]
	}
	others = slices.DeleteFunc(others, func(other string) bool { return other == name })
	return cmp.Or(name, line.GetName()), strings.Join(others, "; ")
}

func status(of handoverv1.LineStatus) string {
	if of == handoverv1.LineStatus_LINE_STATUS_UNSPECIFIED {
		return "active"
	}
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(of.String(), "LINE_STATUS_"), "_", " "))
}

func phones(line *handoverv1.Line) (all []phone) {
	for _, door := range line.GetDoors() {
		kind, known := map[handoverv1.Channel]string{
			handoverv1.Channel_CHANNEL_PHONE: "voice", handoverv1.Channel_CHANNEL_SMS: "text",
		}[door.GetChannel()]
		if known && door.GetNumber() != "" {
			from := ""
			if len(door.GetAreas()) > 0 {
				from = "From " + strings.Join(door.GetAreas(), ", ") + "."
			}
			all = append(all, phone{ID: id(line.GetName(), "door", door.GetId()), Number: door.GetNumber(), Type: kind, Description: from})
		}
	}
	return all
}

func languageOf(line *handoverv1.Line, tag string) language {
	parsed, err := languages.Parse(tag)
	if err != nil {
		return language{id(line.GetName(), "language", tag), tag, tag}
	}
	return language{id(line.GetName(), "language", tag), display.English.Tags().Name(parsed), tag}
}

func termOf(code string) term {
	label := "Everything"
	if code != taxonomy.Everything {
		label = cmp.Or(taxonomy.Default().Label(code, "en"), code)
	}
	return term{id("topic", code), code, label, label, ourTaxonomy + taxonomy.Default().Version()}
}
