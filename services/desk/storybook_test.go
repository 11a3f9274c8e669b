package desk_test

import (
	"context"
	"log/slog"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/stafett/stafett/services/desk"
)

var storyLink = regexp.MustCompile(`/storybook/\d+/[a-z]+/en`)

// TestAxeFindsNothingInTheStorybook, which has every state of a handover as each side sees it.
func TestAxeFindsNothingInTheStorybook(t *testing.T) {
	t.Parallel()
	evening, err := desk.OpenEvening("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		evening.Run(ctx, slog.New(slog.NewTextHandler(t.Output(), nil)))
	}()
	t.Cleanup(func() {
		cancel()
		<-stopped
	})
	reader := open(t, "reader", evening.URL()+"/storybook")
	reader.shows("storybook")
	for _, view := range storyLink.FindAllString(visit(t, evening.URL()).get("/storybook"), -1) {
		reader.do("open "+view, chromedp.Navigate(evening.URL()+view))
		reader.shows(regexp.MustCompile(`\W`).ReplaceAllString(view, "-"))
	}
}
