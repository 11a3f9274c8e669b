package system

import "testing"

// TestOnlyWhatTellsOfTheLogCounts: a service may stop for another reason, and name a position.
func TestOnlyWhatTellsOfTheLogCounts(t *testing.T) {
	for text, want := range map[string]uint64{
		"": 0,
		"position 7 is not projected yet: context canceled\n":                                                             0,
		"the log does not continue what it had: position 9, which this service had seen, is missing\n":                    9,
		"position 3 is not projected yet\nthe log does not have the history that was signed: position 9 is missing; it\n": 9,
		"it is at position 12, which the log does not have: it\nthe log does not continue what it had: position 8\n":      8,
	} {
		if at := Altered(text); at != want {
			t.Errorf("%q tells of %d, want %d", text, at, want)
		}
	}
}
