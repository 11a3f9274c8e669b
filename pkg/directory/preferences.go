package directory

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// preferences rank the lines that may be asked. Their points are powers of two.
var preferences = []struct {
	preference handoverv1.Preference
	points     int32
	holds      func(*decision, *facts) bool
}{
	{handoverv1.Preference_PREFERENCE_SPECIALIST, 4, func(d *decision, f *facts) bool { return f.knows(d.fits) }},
	{handoverv1.Preference_PREFERENCE_EMERGENCY, 8, func(d *decision, f *facts) bool { return d.acute && f.line.GetEmergency() }},
	{handoverv1.Preference_PREFERENCE_FIRST_LANGUAGE, 1, func(d *decision, f *facts) bool {
		return len(f.languages) > 0 && d.understood(f.languages[:1])
	}},
}
