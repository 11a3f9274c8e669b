package schedule

import "time"

// furthest exceeds any zone's offset from UTC.
const furthest = 16 * time.Hour

// span is a half-open interval of real time, in seconds since 1970 UTC.
type span struct{ from, until int64 }

func (s span) has(at int64) bool { return s.from <= at && at < s.until }

// instants returns the spans in which the wall shows a time between from and until: usually
// one, none if the clocks go forward over it, two if they go back within it.
func instants(zone *time.Location, from, until wall) []span {
	if only, ok := settled(zone, from, until); ok {
		return []span{only}
	}
	var spans []span
	end := time.Unix(int64(until), 0).Add(furthest)
	for at := time.Unix(int64(from), 0).Add(-furthest); at.Before(end); {
		_, offset := at.In(zone).Zone()
		_, change := at.In(zone).ZoneBounds()
		if change.IsZero() {
			change = end
		}
		s := span{max(int64(from)-int64(offset), at.Unix()), min(int64(until)-int64(offset), change.Unix())}
		if s.from < s.until {
			spans = append(spans, s)
		}
		at = change
	}
	return spans
}

// settled returns the single span if the clocks do not change nearby, which is nearly always.
func settled(zone *time.Location, from, until wall) (span, bool) {
	before := time.Unix(int64(from), 0).Add(-furthest).In(zone)
	after := time.Unix(int64(until), 0).Add(furthest)
	_, offset := before.Zone()
	if _, change := before.ZoneBounds(); !change.IsZero() && change.Before(after) {
		return span{}, false
	}
	return span{int64(from) - int64(offset), int64(until) - int64(offset)}, true
}
