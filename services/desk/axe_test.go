package desk_test

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.14.1 as published: what makes pages unusable for people with disabilities.
//
//go:embed testdata/axe/axe.js
var axe string

//go:embed testdata/axe/SHA256SUMS
var axeSum string

func TestAxeIsAsPublished(t *testing.T) {
	if got := fmt.Sprintf("%x  axe.js\n", sha256.Sum256([]byte(axe))); got != axeSum {
		t.Errorf("axe.js has %s, not %s", got, axeSum)
	}
}

// findings are what axe finds on a page: the rule, what it demands, and where.
const findings = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.html).join(' | ')))`

// finds is what axe finds in what the window shows now.
func (w *window) finds() []string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](axe+";0")); err != nil {
		w.t.Fatal(err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](findings, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// shows takes a picture, and fails for everything that axe finds.
func (w *window) shows(state string) {
	w.t.Helper()
	w.picture(state)
	for _, finding := range w.finds() {
		w.t.Errorf("axe finds on the page of %s, %s:\n%s", w.name, state, finding)
	}
}

func TestAxeFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := open(t, "nobody", "data:text/html,<title>x</title><html lang=en><main><h1>x</h1><input></main>")
	if len(w.finds()) == 0 {
		t.Error("axe finds nothing wrong with a field without a label")
	}
}
