package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// supervisor is the line's supervisor, in a browser without scripts.
func supervisor(t *testing.T, at string) *visitor {
	t.Helper()
	v := visit(t, at)
	v.post("/signin", "person", personForm.FindAllStringSubmatch(v.get("/"), -1)[2][1])
	return v
}

// TestASupervisorHearsOfAChildInDangerWhoDisappears, and decides what is done about it.
func TestASupervisorHearsOfAChildInDangerWhoDisappears(t *testing.T) {
	_, at := evening(t, "alarmtelefonen")
	child, counsellor, short := talking(t, at["alarmtelefonen"])
	counsellor.does("risk", short, "risk", "5")
	waiting := visit(t, at["alarmtelefonen"])
	waiting.secret = strings.Repeat("other", 5)
	waiting.post("/chat/open", "language", "en")

	work := counsellor.wants("/worklist", "not assessed")
	if strings.Index(work, "R4 imminent danger") > strings.Index(work, "not assessed") {
		t.Error("a child in imminent danger does not come first")
	}
	if code, text := counsellor.send("GET", "/supervisor", nil, nil); code != http.StatusUnprocessableEntity || !strings.Contains(text, "for supervisors") {
		t.Errorf("a counsellor sees the supervisors' page: %d", code)
	}
	boss := supervisor(t, at["alarmtelefonen"])
	boss.wants("/supervisor", "The line was alerted 0 times")
	child.post("/chat/quick")
	boss.wants("/supervisor", "the child in danger has disappeared")
	boss.does("disappeared", short, "decision", "1")
	boss.wants("/supervisor", "Decided: search for contact")
}

// TestTheOverviewsInABrowser are usable, and change without being touched.
func TestTheOverviewsInABrowser(t *testing.T) {
	_, at := evening(t, "alarmtelefonen")
	boss := open(t, "boss", at["alarmtelefonen"])
	boss.do("sign in", chromedp.Click("(//button[starts-with(normalize-space(.), 'Logg inn som')])[3]"))
	boss.clicks("Arbeidsliste")
	boss.sees("Høyest risiko først")
	_, counsellor, short := talking(t, at["alarmtelefonen"])
	boss.sees("ikke vurdert")
	counsellor.does("risk", short, "risk", "4")
	boss.sees("R3 høy")
	boss.shows("worklist")
	boss.clicks("Vakthavende")
	boss.sees("Samtaler: 1. På vakt: 1.")
	boss.shows("supervisor")
	boss.clicks("Arbeidsbord")
	boss.sees("Velg en samtale i listen.")
	boss.shows("desk")
	boss.isUsableSmallAndDark()
}
