package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/tools/internal/programs"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/root"
)

// wallVariable names a file that holds the offset of the machine's clock. This test program then
// is stafett, by that clock.
const wallVariable = "STAFETT_TEST_WALL"

// setWall is a machine's clock that is set by a file.
type setWall struct {
	clockwork.Clock
	file string
}

func (w setWall) Now() time.Time {
	text, _ := os.ReadFile(w.file)
	off, _ := time.ParseDuration(string(text))
	return time.Now().Add(off)
}

// byWall runs stafett by the clock that a file sets.
func byWall(file string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	command := root.Command(setWall{clockwork.NewRealClock(), file})
	command.SetArgs(os.Args[1:])
	if err := command.ExecuteContext(ctx); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return 0
}

// TestSettingTheClockOfAMachineChangesNothing plays a story on a real process whose clock is set an
// hour back and an hour forward again and again: no deadline comes late, none fires twice, and
// times in the log only grow.
func TestSettingTheClockOfAMachineChangesNothing(t *testing.T) {
	t.Parallel()
	data, port, wall := t.TempDir(), strconv.Itoa(freePorts(t, 5)), filepath.Join(t.TempDir(), "wall")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := programs.Folder(filepath.Dir(self)).Start([]string{wallVariable + "=" + wall}, t.Output(), filepath.Base(self),
		"up", "--data", data, "--port", port, "--lines", "testdata/clock-lines.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	platform := &process{p}
	platform.says(t, "is up")
	s, world := clockStory(t, data)
	go setAgainAndAgain(t, wall)
	played, err := play.Play(t.Context(), s, world, play.Options{})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, s, world, played)
	platform.stop(t)
}

// setAgainAndAgain sets a clock right, back and forward, until the test ends.
func setAgainAndAgain(t *testing.T, wall string) {
	again := time.NewTicker(700 * time.Millisecond)
	defer again.Stop()
	for i := 0; ; i++ {
		select {
		case <-t.Context().Done():
			return
		case <-again.C:
		}
		if err := os.WriteFile(wall, []byte([]string{"-1h", "1h", "0"}[i%3]), 0o600); err != nil {
			return // the test has ended
		}
	}
}

func clockStory(t *testing.T, data string) (*story.Story, *play.World) {
	at, identity, err := cli.Target{Data: data}.Find()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/clock.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := story.Parse("testdata/clock.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return s, play.Remote(at, identity, play.Real)
}
