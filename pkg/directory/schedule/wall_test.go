package schedule

import "testing"

// A zone name means the same on every machine, even on one with more zone folders.
func TestZonesThatAreNotKnown(t *testing.T) {
	for _, name := range []string{"", "Local", "posix/Europe/Oslo", "right/Europe/Oslo", "Europe/Nowhere", "../Europe/Oslo"} {
		if zone := Zone(name); zone != nil {
			t.Errorf("%q is %s", name, zone)
		}
	}
	for _, name := range []string{"Europe/Oslo", "Europe/Copenhagen", "UTC"} {
		if Zone(name) == nil {
			t.Errorf("%q is not known", name)
		}
	}
}
