package signin_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/store"
)

// desk is a line's sign-in with a clock that the test moves.
func desk(t *testing.T, line string) (*signin.Desk, *time.Time) {
	t.Helper()
	storage, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(filepath.Join(t.TempDir(), "desk.db"), storage)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	now := time.Unix(0, 0)
	return signin.New(line, signin.MadeUp(line), kept, func() time.Time { return now }), &now
}

// signed is a request of a browser that signed in.
func signed(t *testing.T, d *signin.Desk, person string) *http.Request {
	t.Helper()
	w := httptest.NewRecorder()
	if err := d.In(w, httptest.NewRequest("POST", "/signin", nil), person, "nb"); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	for _, cookie := range w.Result().Cookies() {
		r.AddCookie(cookie)
	}
	return r
}

func TestASessionIsOfOnePersonOneLineAndOneShift(t *testing.T) {
	d, now := desk(t, "alarmtelefonen")
	someone := d.Staff()[0]
	r := signed(t, d, someone.ID)
	if who, session, known := d.Who(r); !known || who != someone || session.Language != "nb" {
		t.Errorf("who: %v, %v, %t", who, session, known)
	}
	other, _ := desk(t, "snakkommobbing")
	if _, _, known := other.Who(r); known {
		t.Error("another line knows the session")
	}
	*now = now.Add(13 * time.Hour)
	if _, _, known := d.Who(r); known {
		t.Error("a session outlasts a shift")
	}
}

func TestWhoSignsOutIsOut(t *testing.T) {
	d, _ := desk(t, "alarmtelefonen")
	r := signed(t, d, d.Staff()[0].ID)
	if err := d.Out(httptest.NewRecorder(), r); err != nil {
		t.Fatal(err)
	}
	if _, _, known := d.Who(r); known {
		t.Error("the session is still good")
	}
}

func TestWhoSignsInAgainHasOneSession(t *testing.T) {
	d, _ := desk(t, "alarmtelefonen")
	r := signed(t, d, d.Staff()[0].ID)
	if err := d.In(httptest.NewRecorder(), r, d.Staff()[0].ID, "en"); err != nil {
		t.Fatal(err)
	}
	if _, _, known := d.Who(r); known {
		t.Error("the former session is still good")
	}
}

func TestAForgedSessionIsNobody(t *testing.T) {
	d, _ := desk(t, "alarmtelefonen")
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: "stafett-alarmtelefonen", Value: "guess"})
	if _, _, known := d.Who(r); known {
		t.Error("a guess is somebody")
	}
}

func TestOnlyLoopbackIsServed(t *testing.T) {
	for address, allowed := range map[string]bool{"127.0.0.1:0": true, "[::1]:80": true, "0.0.0.0:80": false, "192.0.2.1:80": false, "example.org:80": false} {
		if err := signin.OnLoopback(address); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}
