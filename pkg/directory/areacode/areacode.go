// Package areacode compares areas by their codes: countries, subdivisions and municipalities.
package areacode

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// pattern matches a country, a subdivision by ISO 3166-2, or a municipality by its
// number: four digits in Norway, three in Denmark.
var pattern = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,3})?|[0-9]{3,4})$`)

// Valid reports whether a text is the code of an area.
func Valid(text string) bool {
	if !pattern.MatchString(text) {
		return false
	}
	if text[0] <= '9' {
		return true
	}
	region, err := language.ParseRegion(text[:2])
	return err == nil && region.IsCountry() && region.String() == text[:2]
}

// Serves reports whether a line with these areas takes children from an area. An unknown area
// fits every line, and a line without areas takes every child.
func Serves(areas []string, area string) bool {
	return area == "" || len(areas) == 0 || slices.ContainsFunc(areas, func(of string) bool { return Contains(of, area) })
}

// Contains reports whether the second area lies in the first, as far as their codes show. Norwegian
// municipal numbers begin with the number of their county; Danish ones do not.
func Contains(outer, area string) bool {
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
