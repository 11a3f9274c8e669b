package localtime_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/tools/stafett/internal/localtime"
)

func TestInstant(t *testing.T) {
	oslo, err := localtime.Zone("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) // Monday 00:30 in Oslo
	for text, want := range map[string]string{
		"21:00":                "2026-11-23T20:00:00Z",
		"2026-07-01 21:00":     "2026-07-01T19:00:00Z",
		"2026-07-01T21:00":     "2026-07-01T19:00:00Z",
		"2026-07-01 21:00:42":  "2026-07-01T19:00:42Z",
		"2026-11-23T21:00:00Z": "2026-11-23T21:00:00Z",
	} {
		at, err := localtime.Instant(text, now, oslo)
		if err != nil || at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s is %s (%v), want %s", text, at, err, want)
		}
	}
	for text, want := range map[string]string{
		"25:00":            "is not a valid time; use",
		"tomorrow":         "is not a valid time; use",
		"2026-03-29 02:30": "skip",
		"2026-10-25 02:30": "twice; give its offset: 2026-10-25T02:30:00+0",
	} {
		if _, err := localtime.Instant(text, now, oslo); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestZonesAndDays(t *testing.T) {
	for _, name := range []string{"", "Local", "Oslo"} {
		if _, err := localtime.Zone(name); err == nil {
			t.Errorf("%q is taken for a time zone", name)
		}
	}
	oslo, err := localtime.Zone("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	if day, err := localtime.Day("2026-07-01", oslo); err != nil || day.UTC().Format(time.RFC3339) != "2026-06-30T22:00:00Z" {
		t.Errorf("1 July begins at %s (%v)", day, err)
	}
	if _, err := localtime.Day("1. juli", oslo); err == nil {
		t.Error("1. juli is taken for a date")
	}
}
