package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/programs"
)

// TestALogThatComesBackShorter: the nats-server alone is killed under four services, and comes
// back with a block that lost its end. Whatever any of them had acknowledged is missing, so none
// acknowledges anything more, and all end.
func TestALogThatComesBackShorter(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(block []byte) []byte{
		"a flipped bit": func(block []byte) []byte { block[len(block)-300] ^= 4; return block },
		"a cut":         func(block []byte) []byte { return block[:len(block)-700] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSplit(t)
			nats, services := s.nats(), map[string]*process{}
			for _, service := range platform.Services {
				services[service] = start(t, nil, "stafett", s.Arguments(service)...)
			}
			load := openForever(t, s, addresses(t, services))
			for load.acknowledged.Load() < 200 {
				time.Sleep(10 * time.Millisecond)
			}
			load.calling.Lock() // so that the newest commit is one that was acknowledged
			nats.Kill()
			load.calling.Unlock()
			before := load.acknowledged.Load()
			if err := programs.Damage(s.Stored, damage); err != nil {
				t.Fatal(err)
			}
			s.nats()
			began := time.Now()
			for service, p := range services {
				code := p.ends(t)
				t.Logf("%s ended after %v", service, time.Since(began))
				if code != 1 {
					t.Errorf("%s ended with %d, want 1", service, code)
				}
			}
			if after := load.acknowledged.Load(); after != before {
				t.Errorf("%d commands were acknowledged on a log that lost others", after-before)
			}
		})
	}
}

// load opens conversations as long as the test runs.
type load struct {
	acknowledged atomic.Int64
	calling      sync.Mutex // held while a command is under way
}

func openForever(t *testing.T, s split, at client.Addresses) *load {
	t.Helper()
	line, err := client.Connect(at, platform.Credentials(platform.IdentityFolder(s.Folder), "line", "alarmtelefonen"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l, done := &load{}, make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			l.calling.Lock()
			if _, err := line.Intake.OpenConversation(ctx, opening()); err == nil {
				l.acknowledged.Add(1)
			}
			l.calling.Unlock()
		}
	}()
	t.Cleanup(func() { cancel(); <-done; line.Close() })
	return l
}
