package directory

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// 116 111 is answered by place: by the municipality's own office while it is open, and
// otherwise in Kristiansand.
func TestBehind116111(t *testing.T) {
	all := New(linefile.Example())
	for _, test := range []struct{ area, at, want string }{
		{"0301", "2026-03-03T12:00:00+01:00", "barnevernvakten-oslo"},
		{"NO-03", "2026-03-03T12:00:00+01:00", "alarmtelefonen"}, // a county may have more than one
		{"4601", "2026-03-03T12:00:00+01:00", "alarmtelefonen"},  // by day the office in Bergen is closed
		{"4601", "2026-03-03T15:00:00+01:00", "barnevernvakten-bergen"},
		{"4601", "2026-03-08T12:00:00+01:00", "barnevernvakten-bergen"},
		{"5001", "2026-03-07T10:30:00+01:00", "barnevernvakten-trondheim"}, // the first Saturday
		{"5001", "2026-03-14T10:30:00+01:00", "alarmtelefonen"},
		{"5001", "2026-04-06T10:30:00+02:00", "barnevernvakten-trondheim"}, // Easter Monday
		{"4204", "2026-03-03T12:00:00+01:00", "alarmtelefonen"},
		{"", "2026-03-03T12:00:00+01:00", "alarmtelefonen"},
	} {
		if got := answers(all, "116111", test.area, directorytest.Instant(t, test.at)); got != test.want {
			t.Errorf("from %q at %s: %s, want %s", test.area, test.at, got, test.want)
		}
	}
	if line, known := all.Behind(phone, "112", "0301", directorytest.Instant(t, "2026-03-03T12:00:00+01:00")); line != nil || known {
		t.Errorf("112 leads to %s, %t", ID(line), known)
	}
}

func answers(all *Directory, number, area string, at time.Time) string {
	line, _ := all.Behind(phone, number, area, at)
	return ID(line)
}

// An office that has closed at short notice does not answer, whatever its regular hours.
func TestBehindLooksAtWhatIsKnownNow(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T12:00:00+01:00")
	all := New(linefile.Example())
	closed := Live{Closures: []*handoverv1.Closure{{StartTime: timestamppb.New(at)}}}
	all = all.With("barnevernvakten-oslo", all.Line("barnevernvakten-oslo"), closed)
	if got := answers(all, "116111", "0301", at); got != "alarmtelefonen" {
		t.Errorf("answered by %q", got)
	}
	all = all.With("alarmtelefonen", all.Line("alarmtelefonen"), closed)
	if line, known := all.Behind(phone, "116111", "0301", at); line != nil || !known {
		t.Errorf("answered by %q; known: %t", ID(line), known)
	}
}
