package desk_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a window waits for what it is to show. It ends a test that hangs; nothing
// depends on how long anything takes.
const patience = 3 * time.Minute

// window is a browser of its own, used with mouse, keyboard and visible text alone.
type window struct {
	t    *testing.T
	name string
	ctx  context.Context
}

// open opens a browser with a profile of its own.
func open(t *testing.T, name, url string) *window {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if os.Getenv("STAFETT_BROWSERS") == "" {
		t.Skip("windows are opened with STAFETT_BROWSERS=1, as .ci/run does")
	}
	if err != nil {
		t.Fatal("there is no chromium: apt-get install chromium")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(browser), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.DisableGPU, chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("accept-lang", "nb"), chromedp.Flag("lang", "nb"))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of its first call
		t.Fatal(err)
	}
	w := &window{t, name, ctx}
	w.do("open "+url, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(url))
	return w
}

// do does something, and fails with what the window shows.
func (w *window) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, actions...)
	for err != nil && strings.Contains(err.Error(), "node") && ctx.Err() == nil { // the page has changed between finding and using it
		err = chromedp.Do(ctx, actions...)
	}
	if err != nil {
		w.picture("failed")
		w.t.Fatalf("%s could not %s: %v\nthe window shows:\n%s", w.name, what, err, w.text())
	}
}

// text is what the window shows.
func (w *window) text() string {
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return shown
}

// sees waits until the window shows a text.
func (w *window) sees(text string) {
	w.t.Helper()
	w.do("see "+text, chromedp.WaitVisible(fmt.Sprintf("//body//*[not(self::script or self::option)][contains(normalize-space(.), %s)][not(*[not(self::option)][contains(normalize-space(.), %s)])]", quoted(text), quoted(text))))
}

// doesNotSee looks once: call it after something that came later was seen.
func (w *window) doesNotSee(text string) {
	w.t.Helper()
	if shown := w.text(); strings.Contains(shown, text) {
		w.t.Errorf("%s sees %q:\n%s", w.name, text, shown)
	}
}

// clicks clicks a button, a link or a summary with the mouse.
func (w *window) clicks(text string) {
	w.t.Helper()
	w.do("click "+text, chromedp.Click(fmt.Sprintf("//*[self::button or self::a or self::summary][normalize-space(.)=%s]", quoted(text)), chromedp.NodeVisible))
}

// clicksIn clicks a button of the form with a labelled field.
func (w *window) clicksIn(label, text string) {
	w.t.Helper()
	w.do("click "+text+" of "+label, chromedp.Click(fmt.Sprintf("//form[.//label[starts-with(normalize-space(.), %s)]]//button[normalize-space(.)=%s]", quoted(label), quoted(text)), chromedp.NodeVisible))
}

// types types into the field that a label names.
func (w *window) types(label, text string) {
	w.t.Helper()
	w.do("type into "+label, chromedp.SendKeys(fmt.Sprintf("//*[@id=//label[normalize-space(.)=%s]/@for]", quoted(label)), text, chromedp.NodeVisible))
}

// chooses chooses from the list that a label names, by typing what it begins with.
func (w *window) chooses(label, option string) {
	w.t.Helper()
	w.do("choose "+option, chromedp.SendKeys(fmt.Sprintf("//label[starts-with(normalize-space(.), %s)]//select", quoted(label)), option, chromedp.NodeVisible))
}

// picture keeps what the window looks like where STAFETT_PICTURES names a folder.
func (w *window) picture(name string) {
	folder := os.Getenv("STAFETT_PICTURES")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	taken, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, w.name+"-"+name+".png"), taken, 0o600)
	}
	if err != nil {
		w.t.Logf("no picture of %s: %v", w.name, err)
	}
}

func quoted(text string) string { return `"` + text + `"` }
