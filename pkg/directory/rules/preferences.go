package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantPreferences = "{PLACE: {points: 32, holds: for_place}}"
	// maxPoints keeps sums small.
	maxPoints = 10000
)

func readPreferences(value yamlread.Value) []preference {
	var all []preference
	sums := map[int32]bool{0: true}
	for _, entry := range value.Entries(wantPreferences) {
		fields := entry.Value.Fields("points", "holds")
		read := preference{
			preference: readPreference(entry),
			points:     readPoints(fields.Need("points", "32"), sums),
			expression: readExpression(fields.Need("holds", "for_place"), entry.Key),
		}
		all = append(all, read)
	}
	return all
}

func readPreference(entry yamlread.Entry) handoverv1.Preference {
	number := handoverv1.Preference_value["PREFERENCE_"+entry.Key]
	if number == 0 {
		entry.At.Refuse("unknown preference %q; write one of %s", entry.Key, preferenceNames())
	}
	return handoverv1.Preference(number)
}

func preferenceNames() string {
	var all []string
	for number := 1; number < len(handoverv1.Preference_name); number++ {
		all = append(all, strings.TrimPrefix(handoverv1.Preference_name[int32(number)], "PREFERENCE_"))
	}
	return strings.Join(all, ", ")
}

// readPoints reads the points of a preference and extends the sums of the earlier ones. All
// sums must differ, so that a score identifies its preferences.
func readPoints(value yamlread.Value, sums map[int32]bool) int32 {
	points := value.Int(32)
	if points < 1 || points > maxPoints {
		value.Refuse("points %d is out of range; write 1 to %d", points, maxPoints)
		return 0
	}
	for _, sum := range slices.Sorted(maps.Keys(sums)) {
		if sums[sum+points] {
			value.Refuse("with points %d two sets of preferences have the sum %d; write powers of two", points, sum+points)
			return 0
		}
	}
	for _, sum := range slices.Collect(maps.Keys(sums)) {
		sums[sum+points] = true
	}
	return points
}
