package live_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/services/desk/internal/live"
)

func TestAPageHearsOfItsTopicAlone(t *testing.T) {
	hub := live.New(time.UnixMilli(7))
	one, stop := hub.Subscribe("one")
	defer stop()
	all, stopAll := hub.Subscribe("")
	defer stopAll()
	hub.Changed("two")
	<-all
	select {
	case <-one:
		t.Error("a page heard of another topic")
	default:
	}
	hub.Changed("one")
	<-one
	if hub.ID() != "7-2" {
		t.Errorf("the newest change is %s, not 7-2", hub.ID())
	}
}

func TestAStreamBeginsWithTheStateAndContinuesWithChanges(t *testing.T) {
	hub := live.New(time.UnixMilli(7))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Serve(w, r, "one") }))
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	expect := func(id string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "id: ") {
				if lines.Text() != "id: "+id {
					t.Errorf("got %q, want id %s", lines.Text(), id)
				}
				return
			}
		}
		t.Fatal("the stream ended")
	}
	expect("7-0")
	hub.Changed("one")
	expect("7-1")
}
