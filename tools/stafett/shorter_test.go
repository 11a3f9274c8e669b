package main

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
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
			nats, services, address := s.nats(), map[string]*process{}, map[string]string{}
			for _, service := range platform.Services {
				services[service] = start(t, nil, "stafett", s.Arguments(service)...)
			}
			for service, p := range services {
				_, address[service], _ = strings.Cut(p.says(t, "is up at"), "is up at ")
			}
			load := openForever(t, s, address)
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

func openForever(t *testing.T, s split, address map[string]string) *load {
	t.Helper()
	at := client.Addresses{Intake: address["intake"], Triage: address["triage"], Routing: address["routing"], Audit: address["audit"]}
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
			if _, err := line.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{
				RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
			}); err == nil {
				l.acknowledged.Add(1)
			}
			l.calling.Unlock()
		}
	}()
	t.Cleanup(func() { cancel(); <-done; line.Close() })
	return l
}
