package desk_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

var (
	handoverForm = regexp.MustCompile(`name="handover" value="([^"]+)"`)
	offerForm    = regexp.MustCompile(`name="offer" value="([^"]+)"`)
	shownForm    = regexp.MustCompile(`name="shown" value="([^"]*)"`)
	problemForm  = regexp.MustCompile(`id="problem" role="alert">([^<]*)`)
)

// does sends a form of the page of a conversation, and fails if that is refused.
func (v *visitor) does(verb, short string, fields ...string) {
	v.t.Helper()
	shown := v.get("/?c=" + short)
	all := append([]string{"id", uuid.NewString(), "c", short}, fields...)
	if found := handoverForm.FindStringSubmatch(shown); found != nil {
		all = append(all, "handover", found[1])
	}
	if code, answer := v.post("/do/"+verb, all...); code != http.StatusOK {
		v.t.Fatalf("%s: %d %q", verb, code, problemForm.FindStringSubmatch(answer))
	}
}

// answers sends a form of the child's page.
func (v *visitor) answers(verb string, fields ...string) {
	v.t.Helper()
	all := append([]string{"id", uuid.NewString()}, fields...)
	shown := v.get("/chat/view")
	if found := shownForm.FindStringSubmatch(shown); found != nil {
		all = append(all, "shown", found[1])
	}
	if found := handoverForm.FindStringSubmatch(shown); found != nil {
		all = append(all, "handover", found[1])
	}
	if code, answer := v.post("/chat/"+verb, all...); code != http.StatusOK {
		v.t.Fatalf("%s: %d %q", verb, code, problemForm.FindStringSubmatch(answer))
	}
}

// cannot: a form of the child's page that was made for something else is refused.
func (v *visitor) cannot(verb string, fields ...string) {
	v.t.Helper()
	code, answer := v.post("/chat/"+verb, append([]string{"id", uuid.NewString()}, fields...)...)
	if code != http.StatusUnprocessableEntity {
		v.t.Fatalf("%s: %d %q", verb, code, problemForm.FindStringSubmatch(answer))
	}
}

// offered waits for an offer on a line's page.
func (v *visitor) offered() (offer, short string) {
	v.t.Helper()
	offer = offerForm.FindStringSubmatch(v.wants("/", "asks whether you can take over"))[1]
	return offer, offer[len("conversations/"):][:6]
}

// onShift is somebody of a line whose shift has started.
func onShift(t *testing.T, url string) *visitor {
	t.Helper()
	v := visit(t, url)
	v.signsIn()
	return v
}

// meets has the receiver and the child meet, and moves custody: everything from the accept to the last one leaving.
func meets(child, from, to *visitor, short string) {
	to.wants("/?c="+short, "Your line has said yes")
	from.wants("/?c="+short, "Bring all three together")
	from.does("bridge", short)
	to.wants("/?c="+short, "I have it")
	from.does("say", short, "text", "This is my colleague.")
	to.does("say", short, "text", "Hello, I am here.")
	child.wants("/chat/view", "Hello, I am here.")
	to.does("confirm", short)
	child.wants("/chat/view", "Is it all right that")
	child.answers("agree")
	from.wants("/?c="+short, "is responsible now")
	to.wants("/?c="+short, "(your line) is responsible for the child.")
	from.does("leave", short)
}

func TestTheOtherWayWithoutScripts(t *testing.T) {
	_, at := evening(t, "alarmtelefonen", "snakkompsyken")
	psyken := onShift(t, at["snakkompsyken"])
	child, alarm, short := talking(t, at["alarmtelefonen"])
	alarm.does("tag", short, "topic", "MH.mood")
	alarm.does("risk", short, "risk", "1")
	alarm.wants("/?c="+short, "The platform recommends a handover")
	alarm.does("propose", short, "line", "lines/snakkompsyken")
	alarm.does("ask", short, "one_line", "I am sad most days.")
	child.wants("/chat/view", "I am sad most days.")
	child.cannot("yes", "scope", "3", "handover", "conversations/00000000000000000000000000000001/handovers/7")
	child.answers("yes", "scope", "3", "scope", "7")
	offer, _ := psyken.offered()
	psyken.does("accept", short, "offer", offer)
	psyken.wants("/?c="+short, "I am sad most days.")
	meets(child, alarm, psyken, short)
	psyken.does("duty", short, "duty", "1")
	psyken.does("outcome", short, "outcome", "1")
	alarm.wants("/?c="+short, "How it went: the child was supported")
	psyken.does("close", short, "reason", "1")
	child.wants("/chat/view", "The chat has ended")
}

// inEnglish are four lines that talk English, too, and serve everything.
func inEnglish() (lines []*handoverv1.Line) {
	for _, line := range apitest.FourLines() {
		line = proto.CloneOf(line)
		line.Languages = append(line.Languages, "en")
		lines = append(lines, line)
	}
	return lines
}

// TestNobodyAnswers at the first line, the second declines, the third accepts.
func TestNobodyAnswers(t *testing.T) {
	w, at := eveningOf(t, inEnglish(), "sender", "first", "second", "third")
	first, second, third := onShift(t, at["first"]), onShift(t, at["second"]), onShift(t, at["third"])
	child, sender, short := talking(t, at["sender"])
	sender.does("propose", short)
	sender.does("ask", short, "one_line", "Only for whoever comes.")
	child.wants("/chat/view", "Only for whoever comes.")
	child.answers("yes", "scope", "3")

	missed, _ := first.offered()
	handover := missed[:len(missed)-len("/offers/1")]
	eventually(t, "the first line's desk to acknowledge", func() (string, bool) {
		state := w.GetOffer(handover, 1).State
		return state.String(), state == handoverv1.OfferState_OFFER_STATE_DELIVERED
	})
	w.Advance(46 * time.Second)
	first.wants("/", "is gone: nobody answered in time")
	declined, _ := second.offered()
	second.does("decline", short, "offer", declined, "code", "4")
	offer, _ := third.offered()
	code, answer := first.post("/do/accept", "id", uuid.NewString(), "offer", missed)
	if found := problemForm.FindStringSubmatch(answer); code != http.StatusUnprocessableEntity || found == nil || found[1][:8] != "Too late" {
		t.Errorf("a late accept: %d %q", code, found)
	}
	third.does("accept", short, "offer", offer)
	third.wants("/?c="+short, "Only for whoever comes.")
	meets(child, sender, third, short)
}

// TestTwoPersonsGoOnWithoutTheChild's yes: the second signs on a page of their own, and two lines are asked at once.
func TestTwoPersonsGoOnWithoutTheChild(t *testing.T) {
	_, at := eveningOf(t, inEnglish(), "sender", "first", "second")
	first, second := onShift(t, at["first"]), onShift(t, at["second"])
	child, sender, short := talking(t, at["sender"])
	colleague := visit(t, at["sender"])
	colleague.post("/signin", "person", personForm.FindAllStringSubmatch(colleague.get("/"), -1)[1][1])
	sender.does("risk", short, "risk", "5")
	sender.does("propose", short)
	sender.does("ask", short, "one_line", "Has taken pills.")
	child.wants("/chat/view", "Has taken pills.")
	child.answers("no")
	sender.wants("/?c="+short, "the child said no")

	sender.does("propose", short)
	sender.does("override", short, "code", "1", "second", personForm.FindAllStringSubmatch(visit(t, at["sender"]).get("/"), -1)[1][1])
	colleague.wants("/", "danger to life")
	sign := handoverForm.FindStringSubmatch(colleague.get("/"))[1]
	if code, _ := sender.post("/do/sign", "id", uuid.NewString(), "c", short, "handover", sign); code != http.StatusUnprocessableEntity {
		t.Errorf("the first person signed for the second: %d", code)
	}
	if code, answer := colleague.post("/do/sign", "id", uuid.NewString(), "c", short, "handover", sign); code != http.StatusOK {
		t.Fatalf("sign: %d %q", code, problemForm.FindStringSubmatch(answer))
	}
	one, _ := first.offered()
	other, _ := second.offered()
	first.does("accept", short, "offer", one)
	second.wants("/", "is gone: it was withdrawn")
	if code, _ := second.post("/do/accept", "id", uuid.NewString(), "offer", other); code != http.StatusUnprocessableEntity {
		t.Errorf("two lines accepted: %d", code)
	}
	meets(child, sender, first, short)
	if strings.Contains(first.get("/?c="+short), "Report back") {
		t.Error("the receiver is asked for an outcome that the child has not agreed to")
	}
}
