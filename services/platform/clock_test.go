package platform_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/services/platform"
)

func TestAMachineWithAWrongClockDoesNotStart(t *testing.T) {
	for _, off := range []time.Duration{-time.Hour, -3 * time.Second, 3 * time.Second, 36 * time.Hour} {
		wall := func() time.Time { return time.Now().Add(off) }
		p, err := platform.Up(t.Context(), platform.Config{Data: t.TempDir(), Lines: linefile.Example(), Wall: wall})
		if err == nil {
			p.Close()
			t.Fatalf("it starts by a clock that is off by %s", off)
		}
		if !strings.Contains(err.Error(), "the clock of this machine and that of the nats-server differ by") {
			t.Errorf("off by %s: %v", off, err)
		}
	}
}

func TestAMachineWhoseClockIsAlmostRightStarts(t *testing.T) {
	wall := func() time.Time { return time.Now().Add(-time.Second) }
	p, err := platform.Up(t.Context(), platform.Config{Data: t.TempDir(), Lines: linefile.Example(), Wall: wall})
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
}

// TestTheLogsTimeGoesOnAfterARestart although the machine's clock is an hour behind it.
func TestTheLogsTimeGoesOnAfterARestart(t *testing.T) {
	data := t.TempDir()
	ahead := time.Now().Add(time.Hour).Round(0)
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: linefile.Example(), Clock: clockwork.NewFakeClockAt(ahead)})
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	again, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: linefile.Example()})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if now := again.Now(); now.Before(ahead) {
		t.Errorf("it is %s for the platform, before %s, which the log has", now, ahead)
	}
}
