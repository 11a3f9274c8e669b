package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// TestAChildsWindow survives a reload, a desk that is restarted under it, and leaving fast.
func TestAChildsWindow(t *testing.T) {
	w, _ := evening(t)
	data := t.TempDir()
	at, stop := runOn(t, w, "alarmtelefonen", data, "127.0.0.1:0")
	counsellor := onShift(t, at)
	child := open(t, "window", at+"/chat")
	child.clicks("Start chatten")
	child.sees("Du er hos Alarmtelefonen")
	short := rowForm.FindStringSubmatch(counsellor.wants("/", "The child is here"))[1]
	counsellor.does("take", short)
	child.types("Skriv her", "før")
	child.clicks("Send")
	counsellor.wants("/?c="+short, "før")
	child.do("reload", chromedp.Reload())
	child.sees("før")
	child.isUsableSmallAndDark()

	stop()
	child.types("Skriv her", "mens dere var borte")
	child.clicks("Send")
	child.sees("mens dere var borte (Ikke sendt ennå. Vi prøver igjen.)")
	child.picture("offline")
	runOn(t, w, "alarmtelefonen", data, strings.TrimPrefix(at, "http://"))
	if n := strings.Count(counsellor.wants("/?c="+short, "mens dere var borte"), "mens dere var borte"); n != 1 {
		t.Errorf("the message arrived %d times", n)
	}
	counsellor.does("say", short, "text", "Her igjen.")
	child.sees("Her igjen.")
	child.doesNotSee("Ikke sendt ennå")

	child.clicks("Koden din")
	code := child.reads("code-shown")
	child.clicks("Gå fort ut")
	counsellor.wants("/?c="+short, "The child left quickly")
	back := open(t, "back", at+"/chat")
	back.doesNotSee("mens dere var borte")
	back.clicks("Jeg har en kode")
	back.types("Koden din", code)
	back.clicks("Gå til chatten min")
	back.sees("mens dere var borte")
	eventually(t, "the child to be back", func() (string, bool) {
		shown := counsellor.get("/?c=" + short)
		return shown, !strings.Contains(shown, "The child left quickly")
	})
	counsellor.post("/do/say", "id", uuid.NewString(), "c", short, "text", "Godt at du er her.")
	back.sees("Godt at du er her.")
}

// TestAChildWhoseChatEndedStartsAnother in the same tab.
func TestAChildWhoseChatEndedStartsAnother(t *testing.T) {
	_, at := evening(t, "alarmtelefonen")
	counsellor := onShift(t, at["alarmtelefonen"])
	child := open(t, "again", at["alarmtelefonen"]+"/chat")
	child.clicks("Start chatten")
	child.sees("Du er hos Alarmtelefonen")
	short := rowForm.FindStringSubmatch(counsellor.wants("/", "The child is here"))[1]
	counsellor.does("take", short)
	counsellor.wants("/?c="+short, "Write to the child")
	counsellor.does("say", short, "text", "Ha det bra.")
	counsellor.does("close", short, "reason", "1")
	child.sees("Start chatten")
	child.clicks("Start chatten")
	child.sees("Du er hos Alarmtelefonen")
	child.doesNotSee("Ha det bra.")
	short = rowForm.FindStringSubmatch(counsellor.wants("/", "The child is here"))[1]
	counsellor.does("take", short)
	counsellor.wants("/?c="+short, "Write to the child")
	counsellor.does("say", short, "text", "Hei igjen.")
	child.sees("Hei igjen.")
}

// reads is the text of an element.
func (w *window) reads(id string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.ID(id), chromedp.NodeVisible))
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// isUsableSmallAndDark looks at the page on the smallest screen, in dark colours.
func (w *window) isUsableSmallAndDark() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, dark); err != nil {
		w.t.Fatal(err)
	}
	w.do("look at a small screen", chromedp.EmulateViewport(320, 700))
	w.shows("dark")
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth"))
	if err != nil || wide > 320 {
		w.t.Errorf("on a screen of 320 pixels the page of %s is %d wide (%v)", w.name, wide, err)
	}
	w.do("look at a large screen again", chromedp.EmulateViewport(1280, 900))
}
