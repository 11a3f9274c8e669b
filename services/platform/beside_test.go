package platform_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/verify"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// TestAFaultFoundBesideServingStopsEverything within a second, in one process and apart: the end
// of the log is as it was signed, and an early position is not. No service starts on the log
// again.
func TestAFaultFoundBesideServingStopsEverything(t *testing.T) {
	for name, apart := range map[string]bool{"in one process": false, "apart": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			grown(t, data)
			rewrite(t, data, eventlog.Name, func(all []verify.Message) []verify.Message { all[4].Payload[30] ^= 1; return all })
			stopsBeside(t, data, apart)
			p, err := platform.Up(logtest.Context(t), platform.Config{Data: data, Lines: apitest.FourLines(), LimitScale: apitest.Unlimited})
			if err == nil {
				p.Close()
				t.Fatal("it starts again")
			}
			if !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), "position 5 was changed") {
				t.Errorf("it does not start again because of %v", err)
			}
		})
	}
}

// stopsBeside runs a platform until its comparison stops it, and opens conversations meanwhile.
func stopsBeside(t *testing.T, data string, apart bool) {
	t.Helper()
	server := logtest.Listening(t, -1, filepath.Join(data, "log"))
	defer logtest.Stop(server)
	audit, others := platform.Config{Data: data, Lines: apitest.FourLines(), LimitScale: apitest.Unlimited, NATS: server.ClientURL()}, platform.Config{}
	if apart {
		others = audit
		others.Data, others.Services, audit.Services = besideFolder(t, data), []string{"intake", "triage", "routing"}, []string{"audit"}
	}
	var ends []chan error
	var opens func() error
	for _, config := range []platform.Config{others, audit} {
		if config.Data == "" {
			continue
		}
		p, ended := running(t, config)
		ends = append(ends, ended)
		if opens == nil {
			opens = opener(t, p, config.Data)
		}
	}
	var last time.Time // when a conversation was opened
	for stopped := false; !stopped; {
		before := time.Now()
		if opens() == nil {
			last = before
		}
		select {
		case err := <-ends[len(ends)-1]:
			stopped = true
			if !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), "position 5 was changed") {
				t.Errorf("audit ends with %v", err)
			}
		default:
		}
	}
	for i := range len(ends) - 1 {
		if err := <-ends[i]; err == nil {
			t.Error("the other services end in order")
		}
	}
	js := logtest.JetStream(t, logtest.Connect(t, server))
	stream := apitest.Must[jetstream.Stream](t)(js.Stream(logtest.Context(t), eventlog.IntegrityName))
	found := apitest.Must[*jetstream.RawStreamMsg](t)(stream.GetMsg(logtest.Context(t), 1))
	if after := last.Sub(found.Time); after > time.Second {
		t.Errorf("a conversation was opened %v after the fault was found", after)
	}
}

func running(t *testing.T, config platform.Config) (*platform.Platform, chan error) {
	t.Helper()
	p := apitest.Must[*platform.Platform](t)(platform.Up(logtest.Context(t), config))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(logtest.Context(t)) }()
	return p, ended
}

// besideFolder is a folder for the services that are not audit, with their files.
func besideFolder(t *testing.T, data string) string {
	t.Helper()
	folder := t.TempDir()
	for _, file := range []string{"identity", "signing", "intake", "triage", "routing"} {
		if err := os.Symlink(filepath.Join(data, file), filepath.Join(folder, file)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// opener returns a call that opens a conversation.
func opener(t *testing.T, p *platform.Platform, data string) func() error {
	t.Helper()
	sender := apitest.Connect(t, p, data, identity.Line, "sender")
	return func() error {
		ctx, cancel := context.WithTimeout(logtest.Context(t), 5*time.Second)
		defer cancel()
		_, err := sender.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child"})
		return err
	}
}

// grown runs a platform until more than the end that a start compares is signed.
func grown(t *testing.T, data string) {
	t.Helper()
	ctx, stop := context.WithCancel(logtest.Context(t))
	defer stop()
	p := apitest.Must[*platform.Platform](t)(platform.Up(ctx, platform.Config{Data: data, Lines: apitest.FourLines(), LimitScale: apitest.Unlimited}))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	open, opened := opener(t, p, data), 0
	for signed := int64(0); signed < 270; {
		if opened++; opened <= 270 {
			if err := open(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		time.Sleep(time.Millisecond) // leaves the processors to what it waits for
		text, _ := os.ReadFile(filepath.Join(data, "audit", "checkpoint"))
		c, _ := verify.UnverifiedCheckpoint(text)
		signed = c.Size
		if ctx.Err() != nil {
			t.Fatalf("%d are published", signed)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
