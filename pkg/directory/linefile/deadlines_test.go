package linefile

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// withDeadlines returns the good directory with deadlines of the line's own.
func withDeadlines(times string) string {
	return strings.Replace(good, "    example:", "    deadlines: {"+times+"}\n    example:", 1)
}

func TestParseDeadlines(t *testing.T) {
	lines, err := parse("l.yaml", []byte(withDeadlines("offer: 60s, join: 20s, slow: 8h")))
	if err != nil {
		t.Fatal(err)
	}
	want := &handoverv1.LineDeadlines{Offer: durationpb.New(time.Minute), Join: durationpb.New(20 * time.Second), Slow: durationpb.New(8 * time.Hour)}
	if diff := cmp.Diff(want, lines[0].Deadlines, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

// The bounds themselves are valid; one second beyond is not.
func TestEveryDeadlineHasItsBounds(t *testing.T) {
	for _, bound := range handover.Bounds() {
		for set, taken := range map[time.Duration]bool{
			bound.Min: true, bound.Max: true, bound.Min - time.Second: false, bound.Max + time.Second: false, -bound.Min: false, 0: false,
		} {
			_, err := parse("l.yaml", []byte(withDeadlines(bound.Field+": "+set.String())))
			if (err == nil) != taken {
				t.Errorf("%s of %v: %v, want it taken: %v", bound.Field, set, err, taken)
			}
		}
	}
}

func TestParseRefusesDeadlines(t *testing.T) {
	for name, test := range map[string]struct{ times, want string }{
		"too long":  {"join: 20s, offer: 121s", `l.yaml:16:35: offer "121s" is not a time that a line may set; write 10s to 2m0s, for example 10s`},
		"too short": {"join: 9s", `l.yaml:16:23: join "9s" is not a time that a line may set; write 10s to 2m0s, for example 10s`},
		"no time":   {"join: soon", `l.yaml:16:23: join "soon" is not a time that a line may set; write 10s to 2m0s, for example 10s`},
		"no unit":   {`join: "20"`, `l.yaml:16:23: join "20" is not a time that a line may set; write 10s to 2m0s, for example 10s`},
		"unknown":   {"ofer: 20s", `l.yaml:16:17: unknown key "ofer"; write one of consent, offer, offer_phone, offer_imminent, join, briefing, bridge, confirm, overlap, outcome, waiting, slow`},
		"two":       {"join: 9s, offer: 9s", "l.yaml:16:23: join \"9s\" is not a time that a line may set; write 10s to 2m0s, for example 10s\nl.yaml:16:34: offer \"9s\" is not a time that a line may set; write 10s to 2m0s, for example 10s"},
	} {
		t.Run(name, func(t *testing.T) { checkRefused(t, withDeadlines(test.times), test.want) })
	}
}
