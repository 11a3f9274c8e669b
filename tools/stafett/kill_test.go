package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// few is how often the platform is killed in a short run.
const few = 8

// seedVariable is the environment variable that repeats a run: the seed that a
// run told chooses the same kills again, if both are short or neither is. What the
// platform is doing when they come still differs a little.
const seedVariable = "STAFETT_KILL_SEED"

// TestAPlatformKilledAtEveryStepLosesNothing plays stories on a real process
// that is killed with SIGKILL after every step, a random moment into the next
// one, and started again: everything that was acknowledged is in the log, and
// the story comes to its end.
//
// Covered: one process with everything in it, killed up to 4 ms after an answer,
// so while it does what follows by itself or carries out the next command, with
// the child's consent and without, with a handover back and with a supervisor's
// approval. Commands that were cut off are repeated under their request ids.
//
// Not covered: stories that wait for a deadline (called-off), because here the
// clock is real and the waiting is skipped; the kill of one service of several, or
// of a nats-server of its own; a kill while the platform starts; and a machine that
// loses power, where what the operating system had not written is gone too.
//
// Where there is danger to life an offer must be delivered within seconds, and the
// platform is away for some of them: that story plays before anything else runs.
func TestAPlatformKilledAtEveryStepLosesNothing(t *testing.T) {
	t.Run("imminent", func(t *testing.T) { killedAtEveryStep(t, "imminent", "--lines", "../stories/lines/five.yaml") })
	t.Parallel()
	for name, flags := range map[string][]string{"violence": nil, "signpost": nil, "hand-back": {"--lines", "../stories/lines/five.yaml"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killedAtEveryStep(t, name, flags...)
		})
	}
}

// seed is the one that is asked for, or a random one. It is told either way.
func seed(t *testing.T) uint64 {
	seed := rand.Uint64()
	if asked := os.Getenv(seedVariable); asked != "" {
		var err error
		if seed, err = strconv.ParseUint(asked, 10, 64); err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
	}
	t.Logf("seed %d; again: %[2]s=%[1]d go test ./tools/stafett -count=1 -run '^%[3]s$'", seed, seedVariable, t.Name())
	return seed
}

func killedAtEveryStep(t *testing.T, name string, flags ...string) {
	random := rand.New(rand.NewPCG(seed(t), 0))
	data, port := t.TempDir(), strconv.Itoa(freePorts(t, 5))
	victim := &victim{start: func() *process {
		p := start(t, nil, "stafett", append([]string{"up", "--data", data, "--port", port}, flags...)...)
		p.says(t, "is up")
		return p
	}}
	victim.process = victim.start()
	defer victim.process.Kill()
	at, identity, err := cli.Target{Data: data}.Find()
	if err != nil {
		t.Fatal(err)
	}
	s, err := story.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	when := moments(random, s)
	world := play.Remote(at, identity, play.Skip)
	played, err := play.Play(t.Context(), s, world, play.Options{Observer: play.ObserverFunc(func(scene play.Scene) {
		if delay, chosen := when[scene.Step.Number]; chosen {
			victim.after(delay)
		}
	})})
	victim.wait.Wait()
	if err != nil {
		t.Fatalf("after %d kills: %v", victim.killed, err)
	}
	if victim.killed != len(when) {
		t.Errorf("the platform was killed %d times, want %d", victim.killed, len(when))
	}
	t.Logf("killed %d times, %d answers", victim.killed, len(played.Acknowledged))
	holds(t, s, world, played)
}

// moments chooses how soon the platform is killed after each step that it has
// answered: while it does what follows by itself, or while it is asked for the
// next one.
func moments(random *rand.Rand, s *story.Story) map[int]time.Duration {
	chosen := map[int]time.Duration{}
	for _, i := range random.Perm(len(s.Steps) - 1) {
		if step := s.Steps[i]; step.Does.Sent() && (!testing.Short() || len(chosen) < few) {
			chosen[step.Number] = time.Duration(random.IntN(4000)) * time.Microsecond
		}
	}
	return chosen
}

// victim is a process that is killed and started again.
type victim struct {
	start   func() *process
	mu      sync.Mutex
	process *process
	killed  int
	wait    sync.WaitGroup
}

// after kills the process a little later, whatever it is doing then.
func (v *victim) after(delay time.Duration) {
	v.wait.Go(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		<-time.After(delay)
		v.process.Kill()
		v.killed++
		v.process = v.start()
	})
}

// holds checks a story that was played elsewhere: what was acknowledged is in
// the log where it was acknowledged to be, and everything expected is so.
func holds(t *testing.T, s *story.Story, world *play.World, played *play.Played) {
	t.Helper()
	auditor, err := world.Connect("auditor", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	defer auditor.Close()
	report, err := check.Check(t.Context(), s, auditor.Audit, played.Conversation, played.Slack)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	stored := map[uint64]*auditv1.StoredCommit{}
	for _, a := range report.Commits {
		stored[a.Position] = a
	}
	for _, answer := range played.Acknowledged {
		a := stored[answer.Position]
		if a == nil || a.Commit.Name != answer.Name || !a.Commit.RecordTime.AsTime().Equal(answer.RecordTime) {
			t.Errorf("step %d was acknowledged as %s at position %d, where the log has %v", answer.Step, answer.Name, answer.Position, a)
		}
	}
	if len(played.Acknowledged) == 0 {
		t.Error("nothing was acknowledged")
	}
}
