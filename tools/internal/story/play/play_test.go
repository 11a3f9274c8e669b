package play_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// limit is how long one story may take on a slow machine.
const limit = 30 * time.Second

func load(t *testing.T, name string) *story.Story {
	t.Helper()
	s, err := story.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// simulated starts a platform on the story's clock.
func simulated(t *testing.T, s *story.Story) *play.World {
	t.Helper()
	w, err := play.Simulated(t.Context(), t.TempDir(), s)
	return closing(t, w, err)
}

func closing(t *testing.T, w *play.World, err error) *play.World {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("the platform did not stop cleanly: %v", err)
		}
	})
	return w
}

// pass plays a story, checks it, and returns what happened.
func pass(t *testing.T, s *story.Story, w *play.World, o play.Options) (*play.Played, check.Report) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	played, err := play.Play(ctx, s, w, o)
	if err != nil {
		t.Fatal(err)
	}
	auditor, err := w.Connect("auditor", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	defer auditor.Close()
	report, err := check.Check(ctx, s, auditor.Audit, played.Conversation, played.Slack)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Errorf("%v\nthe history: %v", err, report.Events)
	}
	if len(report.Invariants.Skipped) > 0 {
		t.Errorf("not checked: %v", report.Invariants.Skipped)
	}
	return played, report
}

func TestShippedStoriesPass(t *testing.T) {
	for _, info := range story.Shipped() {
		t.Run(info.Name, func(t *testing.T) {
			t.Parallel()
			s := load(t, info.Name)
			_, first := pass(t, s, simulated(t, s), play.Options{})
			_, second := pass(t, s, simulated(t, s), play.Options{})
			if !slices.Equal(first.Events, second.Events) {
				t.Errorf("played twice, the history was\n%v\nand then\n%v", first.Events, second.Events)
			}
		})
	}
}

func TestShippedStoryPassesOnTheRealClock(t *testing.T) {
	t.Parallel()
	s := load(t, "violence")
	w, err := play.Embedded(t.Context(), t.TempDir(), s, play.Skip)
	pass(t, s, closing(t, w, err), play.Options{})
}

func TestStoriesPass(t *testing.T) {
	for _, name := range []string{"cascade", "refused", "withdrawn"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := load(t, "testdata/"+name+".yaml")
			pass(t, s, simulated(t, s), play.Options{})
		})
	}
}
