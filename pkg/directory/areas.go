package directory

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// areaPattern matches a country, a subdivision by ISO 3166-2, or a municipality by its
// number: four digits in Norway, three in Denmark.
var areaPattern = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,3})?|[0-9]{3,4})$`)

func readAreas(list yamlread.Value) []string {
	return readList(list, `["NO-03", "0301"]`, func(value yamlread.Value) (string, bool) {
		text, ok := value.Text(`"0301"`)
		if ok && !isArea(text) {
			value.Refuse("%q is no area; write a country such as DK, a subdivision such as NO-03, or the number of a municipality such as \"0301\"", text)
		}
		return text, ok
	})
}

func isArea(text string) bool {
	if !areaPattern.MatchString(text) {
		return false
	}
	if text[0] <= '9' {
		return true
	}
	region, err := language.ParseRegion(text[:2])
	return err == nil && region.IsCountry() && region.String() == text[:2]
}

// Serves reports whether a line takes children from an area. An unknown area fits every line,
// and a line without areas takes every child.
func Serves(line *handoverv1.Line, area string) bool {
	return serves(line.GetServiceAreas(), area)
}

func serves(areas []string, area string) bool {
	return area == "" || len(areas) == 0 || slices.ContainsFunc(areas, func(of string) bool { return within(of, area) })
}

// within reports whether one area lies in another, as far as their codes show. Norwegian
// municipal numbers begin with the number of their county; Danish ones do not.
func within(outer, area string) bool {
	switch {
	case outer == area:
		return true
	case len(outer) == 2:
		return countryOf(area) == outer
	}
	county, norwegian := strings.CutPrefix(outer, "NO-")
	return norwegian && len(area) == 4 && strings.HasPrefix(area, county)
}

func countryOf(area string) string {
	switch {
	case area == "":
		return ""
	case area[0] > '9':
		return area[:min(2, len(area))]
	case len(area) == 4:
		return "NO"
	}
	return "DK"
}
