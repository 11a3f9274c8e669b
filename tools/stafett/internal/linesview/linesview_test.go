package linesview

import (
	"strings"
	"testing"
	"time"

	"github.com/fatih/color"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func english() View { return View{Lang: wording.In("en"), Now: noon} }

func TestDaysInARowAreToldByTheFirstAndTheLast(t *testing.T) {
	for days, want := range map[string]string{
		"MO TU WE TH FR SA SU": "every day",
		"SU MO TU WE TH":       "Sun-Thu",
		"MO WE FR":             "Mon, Wed, Fri",
		"SA SU":                "Sat, Sun",
		"MO TU TH FR SA":       "Mon, Tue, Thu-Sat",
		"WE":                   "Wed",
		"":                     "",
	} {
		if got := english().days(strings.Fields(days)); got != want {
			t.Errorf("%s is told as %q, want %q", days, got, want)
		}
	}
}

func TestARecurrenceIsToldInFull(t *testing.T) {
	s := &handoverv1.Schedule{
		Freq: handoverv1.Frequency_FREQUENCY_MONTHLY, Interval: 2, Byday: []string{"1SA", "-1FR"}, Bymonthday: []int32{1, -1},
		Byyearday: []int32{366}, Count: 3, Until: "2027-01-01", Wkst: "SU", Dtstart: "2026-01-01", ValidFrom: "2026-02-01",
		ValidTo: "2027-02-01", Timezone: "Europe/Oslo",
	}
	want := "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SA,-1FR;BYMONTHDAY=1,-1;BYYEARDAY=366;COUNT=3;UNTIL=2027-01-01;WKST=SU;" +
		"DTSTART=2026-01-01;valid_from=2026-02-01;valid_to=2027-02-01;timezone=Europe/Oslo"
	if got := english().recurrence(s); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWhetherAChannelIsOpen(t *testing.T) {
	soon := timestamppb.New(noon.Add(time.Hour))
	const drill = handoverv1.ClosureReason_CLOSURE_REASON_DRILL
	for want, channel := range map[string]*routingv1.ChannelAvailability{
		"open":                        {Open: true},
		"open until 13:00":            {Open: true, CloseTime: soon},
		"closed (the line practises)": {ClosedReason: drill},
		"closed (the line practises), opens 13:00": {ClosedReason: drill, NextOpenTime: soon},
	} {
		if got := english().State(channel, time.UTC); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestALineOfWhichLittleIsKnown is told without what nobody said.
func TestALineOfWhichLittleIsKnown(t *testing.T) {
	line := &handoverv1.Line{
		Name: "lines/new", TimeZone: "Nowhere/At_All", Status: handoverv1.LineStatus_LINE_STATUS_INACTIVE, Topics: []string{"FR.x_own"},
		Deadlines: &handoverv1.LineDeadlines{}, Exceptions: []*handoverv1.ScheduleException{{Dates: []string{"2026-12-24"}}},
	}
	state := State{Line: line, Now: &routingv1.Availability{}}
	var out strings.Builder
	if err := english().Show(&out, state); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lines/new (new)\n", "status          inactive", "topics          FR.x_own\n", "areas           anywhere", "all channels  2026-12-24  closed\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
	out.Reset()
	if err := english().List(&out, []State{state}); err != nil || !strings.Contains(out.String(), "new   lines/new  -        inactive  Nowhere/At_All  -     -        -\n") {
		t.Errorf("%v:\n%s", err, out.String())
	}
}

// TestChangesAreColoured where colours are wanted.
func TestChangesAreColoured(t *testing.T) {
	color.NoColor = false
	defer func() { color.NoColor = true }()
	var out strings.Builder
	err := Changes(&out, []*routingv1.LineChange{
		{Line: "lines/a", Kind: routingv1.LineChangeKind_LINE_CHANGE_KIND_ADDED, Field: "country", After: "NO"},
		{Line: "lines/b", Kind: routingv1.LineChangeKind_LINE_CHANGE_KIND_CHANGED, Field: "country", Before: "NO", After: "DK"},
		{Line: "lines/c", Kind: routingv1.LineChangeKind_LINE_CHANGE_KIND_REMOVED, Field: "country", Before: "NO"},
	})
	const green, yellow, red, off = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m\n"
	want := green + "+ a" + off + green + "  + country: NO" + off + yellow + "~ b" + off + yellow + "  ~ country: NO -> DK" + off + red + "- c" + off
	if err != nil || out.String() != want {
		t.Errorf("%v: %q, want %q", err, out.String(), want)
	}
}
