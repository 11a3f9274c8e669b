package directory_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/linefile"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// at is a time in Oslo on Tuesday, 24 November 2026, or later that week.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, 24+day, hour-1, minute, 0, 0, time.UTC)
}

// TestWhoAnswers116111: the local duty office when it is open, otherwise Kristiansand. An sms
// always goes to Kristiansand.
func TestWhoAnswers116111(t *testing.T) {
	w := apitest.NewWorldOf(t, linefile.Example())
	d := w.Desk("cyberhus")
	for name, c := range map[string]struct {
		area string
		when time.Time
		want string
	}{
		"Oslo by day":              {"0301", at(0, 12, 0), "barnevernvakten-oslo"},
		"Bergen by day":            {"4601", at(0, 12, 0), "alarmtelefonen"},
		"Bergen as it opens":       {"4601", at(0, 15, 0), "barnevernvakten-bergen"},
		"Bergen as it closes":      {"4601", at(1, 8, 0), "alarmtelefonen"},
		"Trondheim after midnight": {"5001", at(1, 0, 59), "barnevernvakten-trondheim"},
		"Trondheim at one":         {"5001", at(1, 1, 0), "alarmtelefonen"},
		"Kristiansand":             {"4204", at(0, 20, 0), "alarmtelefonen"},
		"from nowhere":             {"", at(0, 20, 0), "alarmtelefonen"},
	} {
		r := apitest.Must[*routingv1.FindDoorResponse](t)(d.Directory.FindDoor(w.Ctx, &routingv1.FindDoorRequest{
			Channel: apitest.Phone, Number: "116111", Area: c.area, Time: timestamppb.New(c.when),
		}))
		if r.Line != "lines/"+c.want {
			t.Errorf("%s: %s answers, want %s", name, r.Line, c.want)
		}
	}
	_, err := d.Directory.FindDoor(w.Ctx, &routingv1.FindDoorRequest{Channel: apitest.Phone, Number: "116112"})
	apitest.WantRefusal(t, err, codes.NotFound, "DOOR_NOT_FOUND")
	bergen := w.Desk("barnevernvakten-bergen")
	w.Clock.Advance(time.Hour) // Monday, 21:00 in Oslo
	bergen.Took(bergen.CloseFor(time.Hour))
	w.Settle()
	r := apitest.Must[*routingv1.FindDoorResponse](t)(d.Directory.FindDoor(w.Ctx, &routingv1.FindDoorRequest{Channel: apitest.Phone, Number: "116111", Area: "4601"}))
	if r.Line != "lines/alarmtelefonen" {
		t.Errorf("while Bergen is closed %s answers", r.Line)
	}
}

// TestAConversationByADoor: BRUS can also be reached through Cyberhus, and the door is
// recorded.
func TestAConversationByADoor(t *testing.T) {
	w := apitest.NewWorldOf(t, linefile.Example())
	brus := w.Desk("brus")
	toOpen := func(door string) *intakev1.OpenConversationRequest {
		return &intakev1.OpenConversationRequest{RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "da", Child: "child", Door: door}
	}
	open := func(ctx context.Context, r *intakev1.OpenConversationRequest) (*handoverv1.Recorded, error) {
		return apitest.Placed(brus.Intake.OpenConversation(ctx, r))
	}
	as := func(*intakev1.OpenConversationRequest) {}
	w.WantRefusals(map[string]apitest.BadRequest{
		"a door that it does not have": apitest.Refused(apitest.Spoiled(open, toOpen("main-street"), as), codes.NotFound, "DOOR_NOT_FOUND"),
		"on another channel":           apitest.Refused(apitest.Spoiled(open, toOpen("cyberhus"), func(r *intakev1.OpenConversationRequest) { r.Channel = apitest.Phone }), codes.NotFound, "DOOR_NOT_FOUND"),
		"no door's id":                 apitest.Refused(apitest.Spoiled(open, toOpen("Cyberhus!"), as), codes.InvalidArgument, "FIELD_INVALID"),
	})
	for _, door := range []string{"cyberhus", "own-page", ""} {
		opened := brus.Recorded(brus.Intake.OpenConversation(w.Ctx, toOpen(door)))
		if got := apitest.Logged[*eventv1.ConversationOpened](w, opened.Name)[0].Door; got != door {
			t.Errorf("recorded is the door %q, want %q", got, door)
		}
		if got := brus.GetConversation(opened.Name).Door; got != door {
			t.Errorf("read is the door %q, want %q", got, door)
		}
	}
}

// parent is a child who needs BRUS.
func parent(years int32) *routingv1.FindSlotsRequest {
	return &routingv1.FindSlotsRequest{Topics: []string{"FR.x_parent_substance_use"}, Need: &handoverv1.PacketHeader{
		Channel: apitest.Chat, LanguageCode: "da", AgeBand: &handoverv1.AgeBand{MinYears: years, MaxYears: years},
	}}
}

// TestTimesForLater are those of the lines that suit the child, in its time zone, whether or
// not a seat is free.
func TestTimesForLater(t *testing.T) {
	w := apitest.NewWorldOf(t, linefile.Example())
	sender := w.Desk("alarmtelefonen")
	slots := func(r *routingv1.FindSlotsRequest) (all []string) {
		t.Helper()
		for _, s := range apitest.Must[*routingv1.FindSlotsResponse](t)(sender.Directory.FindSlots(w.Ctx, r)).Slots {
			all = append(all, strings.TrimPrefix(s.Slot.Line, "lines/")+" "+s.LocalStart+" "+s.LocalEnd)
		}
		return all
	}
	w.Clock.Advance(2*time.Hour + time.Minute) // 22:01 in Copenhagen
	const tomorrow = "2026-11-24T"
	for years, want := range map[int32][]string{
		8:  {"brus " + tomorrow + "18:00:00+01:00 " + tomorrow + "21:00:00+01:00"},
		15: {"cyberhus " + tomorrow + "14:00:00+01:00 " + tomorrow + "22:00:00+01:00", "brus " + tomorrow + "18:00:00+01:00 " + tomorrow + "21:00:00+01:00"},
		26: nil,
	} {
		if got := slots(parent(years)); !slices.Equal(got, want) {
			t.Errorf("at %d years the times are %q, want %q", years, got, want)
		}
	}
	elsewhere := parent(8)
	elsewhere.TimeZone, elsewhere.StartTime = "Atlantic/Azores", timestamppb.New(at(2, 12, 0))
	if got := slots(elsewhere); !slices.Equal(got, []string{"brus 2026-11-26T16:00:00-01:00 2026-11-26T19:00:00-01:00"}) {
		t.Errorf("on the Azores the times are %q", got)
	}
	one := parent(15)
	one.PageSize = 1
	if got := slots(one); len(got) != 1 {
		t.Errorf("of one line the times are %q", got)
	}
	for name, spoil := range map[string]func(*routingv1.FindSlotsRequest){
		"no need":        func(r *routingv1.FindSlotsRequest) { r.Need = nil },
		"no time zone":   func(r *routingv1.FindSlotsRequest) { r.TimeZone = "Mars/Olympus" },
		"ages reversed":  func(r *routingv1.FindSlotsRequest) { r.Need.AgeBand.MinYears = 30 },
		"a page of less": func(r *routingv1.FindSlotsRequest) { r.PageSize = -1 },
	} {
		r := parent(8)
		spoil(r)
		_, err := sender.Directory.FindSlots(w.Ctx, r)
		if apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID"); t.Failed() {
			t.Log(name)
		}
	}
}
