package linefile

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// recurrenceKeys are the keys of a recurrence, and scheduleKeys those of a schedule.
var (
	recurrenceKeys = []string{"freq", "interval", "byday", "bymonthday", "byyearday", "dtstart", "until", "count", "wkst", "valid_from", "valid_to"}
	scheduleKeys   = slices.Concat(recurrenceKeys, []string{"opens_at", "closes_at", "timezone", "notes"})
)

// readSchedule reads the long form of hours. It returns nil if there are mistakes.
func readSchedule(value yamlread.Value, into *handoverv1.Hours) *schedule.Member {
	fields := value.Fields(scheduleKeys...)
	s := readRecurrence(fields)
	s.OpensAt, _ = fields.Need("opens_at", `"10:00"`).Text(`"10:00"`)
	s.ClosesAt, _ = fields.Need("closes_at", `"12:00"`).Text(`"12:00"`)
	s.Timezone = readText(fields, "timezone", "Europe/Oslo")
	s.Notes = readText(fields, "notes", "Only in the school year.")
	into.Schedules = append(into.Schedules, s)
	if s.OpensAt == "" || s.ClosesAt == "" {
		return nil // already refused
	}
	member, mistakes := schedule.Check(s)
	refuse(value, fields, mistakes)
	return member
}

// refuse reports each mistake at its field, or at the mapping if it involves several.
func refuse(value yamlread.Value, fields yamlread.Fields, mistakes []*schedule.Mistake) {
	for _, mistake := range mistakes {
		at, known := fields.Get(mistake.Field)
		if !known {
			at = value
		}
		at.Refuse("%s", mistake.Text)
	}
}

func readRecurrence(fields yamlread.Fields) *handoverv1.Schedule {
	return &handoverv1.Schedule{
		Freq:       readFrequency(fields),
		Interval:   readNumber(fields, "interval"),
		Byday:      readAll(fields, "byday", "[1SA]", readWord),
		Bymonthday: readAll(fields, "bymonthday", "[1, -1]", yamlread.Value.Int),
		Byyearday:  readAll(fields, "byyearday", "[1, -1]", yamlread.Value.Int),
		Dtstart:    readText(fields, "dtstart", "2026-01-05"),
		Until:      readText(fields, "until", "2026-12-31"),
		Count:      readNumber(fields, "count"),
		Wkst:       readText(fields, "wkst", "MO"),
		ValidFrom:  readText(fields, "valid_from", "2026-01-01"),
		ValidTo:    readText(fields, "valid_to", "2026-12-31"),
	}
}

func readFrequency(fields yamlread.Fields) handoverv1.Frequency {
	value, ok := fields.Get("freq")
	if !ok {
		return handoverv1.Frequency_FREQUENCY_UNSPECIFIED
	}
	return readCode(value, "FREQUENCY_", handoverv1.Frequency_value, handoverv1.Frequency_FREQUENCY_DAILY)
}

// readCode reads the name of an enum value, in any case and without its prefix. It returns
// the fallback if it refuses the name.
func readCode[E ~int32](value yamlread.Value, prefix string, values map[string]int32, fallback E) E {
	text, ok := value.Text(codes(prefix, values)[0])
	if !ok {
		return fallback
	}
	number := values[prefix+toCode(text)]
	if number == 0 {
		value.Refuse("%q is not known here; write one of %s", text, listed(codes(prefix, values)))
		return fallback
	}
	return E(number)
}

func readNumber(fields yamlread.Fields, key string) int32 {
	value, ok := fields.Get(key)
	if !ok {
		return 0
	}
	number := value.Int(1)
	if number == 0 {
		value.Refuse("%s must not be 0; write 1 or more, or leave %s out", key, key)
	}
	return number
}

// readText reads optional text.
func readText(fields yamlread.Fields, key, example string) string {
	value, ok := fields.Get(key)
	if !ok {
		return ""
	}
	text, _ := value.Text(example)
	return text
}

func readWord(value yamlread.Value, _ int32) string {
	text, _ := value.Text("1SA")
	return text
}

// readAll reads an optional list.
func readAll[T any](fields yamlread.Fields, key, example string, read func(yamlread.Value, int32) T) []T {
	value, ok := fields.Get(key)
	if !ok {
		return nil
	}
	var all []T
	for _, member := range value.List(example) {
		all = append(all, read(member, 1))
	}
	return all
}
