package play_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// limit is how long one story may take on a slow machine.
const limit = 10 * time.Minute

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
	for _, name := range []string{"called", "cascade", "refused", "withdrawn"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := load(t, "testdata/"+name+".yaml")
			pass(t, s, simulated(t, s), play.Options{})
		})
	}
}

// short is a story of a few steps; the tests put others in the place of the last.
const short = `title: A title
shows: What one sees
clock: 2026-03-03T19:40:00+01:00
zone: Europe/Oslo
people:
  lerke: {is: child, line: snakkommobbing, language: nb, channel: chat}
  mina: {is: counsellor, line: snakkommobbing}
  aksel: {is: counsellor, line: alarmtelefonen}
steps:
  - {who: lerke, does: open}
  - {who: mina, does: join, after: 200ms}
  - {who: mina, does: propose handover}
  - LAST
then:
  custody: [snakkommobbing]
`

func parse(t *testing.T, last string) *story.Story {
	t.Helper()
	s, err := story.Parse("s.yaml", []byte(strings.Replace(short, "LAST", last, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatGoesOtherwiseEndsTheStory(t *testing.T) {
	for last, want := range map[string]string{
		"{who: mina, does: join}":                              "s.yaml:13:5: step 4, mina (snakkommobbing) comes into the conversation: was refused; expected it to be carried out: ",
		"{who: mina, does: ask consent, scopes: [CODES]}":      "s.yaml:13:5: step 4, mina (snakkommobbing) asks the child for consent to CODES: was refused; expected it to be carried out: rpc error: code = InvalidArgument desc = scopes: INTRO is missing",
		"{who: mina, does: join, refused: HOP_LIMIT}":          "s.yaml:13:5: step 4, mina (snakkommobbing) comes into the conversation: expected it to be refused as HOP_LIMIT, and not so: rpc error: code = FailedPrecondition desc = mina of snakkommobbing is already in the conversation",
		"{who: mina, does: tag, add: [MH], refused: TOO_LATE}": "s.yaml:13:5: step 4, mina (snakkommobbing) tags MH: was carried out; expected it to be refused as TOO_LATE",
		"{who: aksel, does: accept offer}":                     "s.yaml:13:5: step 4, aksel (alarmtelefonen) accepts the offer: no offer was made to alarmtelefonen",
	} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			s := parse(t, last)
			played, err := play.Play(t.Context(), s, simulated(t, s), play.Options{})
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if len(played.Acknowledged) < 3 {
				t.Errorf("it tells of %d acknowledgements, want at least 3", len(played.Acknowledged))
			}
		})
	}
}

func TestRequestIDsFollowFromTheRun(t *testing.T) {
	t.Parallel()
	s := parse(t, "{who: mina, does: tag, add: [MH]}")
	w := simulated(t, s)
	first, _ := pass(t, s, w, play.Options{RunID: "one"})
	again, _ := pass(t, s, w, play.Options{RunID: "one"})
	other, _ := pass(t, s, w, play.Options{RunID: "two"})
	if !slices.Equal(first.Acknowledged, again.Acknowledged) {
		t.Errorf("the same run was answered %v and then %v", first.Acknowledged, again.Acknowledged)
	}
	if first.Conversation == other.Conversation {
		t.Errorf("two runs are one conversation")
	}
}

func TestRealTimePasses(t *testing.T) {
	t.Parallel()
	s := parse(t, "{does: wait, after: 100ms}")
	w, err := play.Embedded(t.Context(), "", s, play.Real)
	began := time.Now()
	pass(t, s, closing(t, w, err), play.Options{})
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("a story of 300 ms took %v", took)
	}
}

func TestAStoryThatWaitsIsNotSkipped(t *testing.T) {
	s := parse(t, "{does: wait, after: 1s}")
	_, err := play.Play(t.Context(), s, play.Remote(client.Addresses{}, t.TempDir(), play.Skip), play.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "s.yaml waits for deadlines; play it with its own clock or in real time") {
		t.Errorf("got %v", err)
	}
}

// TestThePacketSaysNotYet until the sender has granted.
func TestThePacketSaysNotYet(t *testing.T) {
	t.Parallel()
	s := load(t, "granted-late")
	var read []string
	observer := play.ObserverFunc(func(scene play.Scene) {
		for _, part := range scene.Opened {
			read = append(read, part.Text)
		}
	})
	pass(t, s, simulated(t, s), play.Options{Observer: observer})
	if want := []string{"", "Stefar slår."}; !slices.Equal(read, want) {
		t.Errorf("the receiver reads %q, want %q", read, want)
	}
}

func TestTheObserverSeesEachStep(t *testing.T) {
	t.Parallel()
	s := load(t, "violence")
	var scenes []play.Scene
	observer := play.ObserverFunc(func(scene play.Scene) { scenes = append(scenes, scene) })
	pass(t, s, simulated(t, s), play.Options{Observer: observer})
	if len(scenes) != len(s.Steps) {
		t.Fatalf("saw %d steps, want %d", len(scenes), len(s.Steps))
	}
	agreed := scenes[slices.IndexFunc(scenes, func(s play.Scene) bool { return s.Step.Does == "agree to handover" })]
	if got := event.Names(agreed.Events); !slices.Equal(got, []string{"ChildAgreed", "CustodyTransferred", "AccessGranted"}) {
		t.Errorf("when the child agrees, %v happens", got)
	}
	if agreed.Custody.Line != "alarmtelefonen" || agreed.Custody.Epoch != 2 {
		t.Errorf("custody is then %v", agreed.Custody)
	}
	unsealed := scenes[slices.IndexFunc(scenes, func(s play.Scene) bool { return s.Step.Does == "open packet" })]
	if len(unsealed.Opened) != 1 || !strings.HasPrefix(unsealed.Opened[0].Text, "Blir slått hjemme.") {
		t.Errorf("the receiver reads %v", unsealed.Opened)
	}
}
