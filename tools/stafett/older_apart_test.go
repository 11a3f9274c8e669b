package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/programs"
)

// olderApart is a platform of processes whose files were all put back as they were earlier.
type olderApart struct {
	split
	line         *client.Platform
	listen       map[string]string
	conversation string // opened before the copy
	copied       string
}

// TestAnOlderLogIsNotServedApart, in whatever order the processes start: log, tree and projections come
// back as they were earlier, and agree with each other. Only a witness knows more, and only audit asks it. Until
// it has, the other services answer and record nothing; then they end.
func TestAnOlderLogIsNotServedApart(t *testing.T) {
	t.Parallel()
	o := newOlderApart(t)
	for first := range platform.Services {
		order := slices.Concat(platform.Services[first:], platform.Services[:first])
		o.putBack()
		before, nats := o.blocks(), o.nats()
		var running []*process
		for i, service := range order {
			p := start(t, nil, "stafett", o.arguments(service)...)
			if service == "audit" || slices.Contains(order[:i], "audit") {
				if code := p.ends(t); code != 1 {
					t.Errorf("%v: %s ended with %d", order, service, code)
				}
				continue
			}
			p.says(t, "is up at")
			running = append(running, p)
			if reason := client.Reason(o.command(service)); reason != "NOT_READY" {
				t.Errorf("%v: before audit, a command to %s is answered %q", order, service, reason)
			}
		}
		for _, p := range running {
			if code := p.ends(t); code != 1 {
				t.Errorf("%v: a service ended with %d", order, code)
			}
		}
		nats.stop(t)
		if o.blocks() != before {
			t.Errorf("%v: something was written to the log", order)
		}
	}
}

// newOlderApart runs a platform, copies its files, and has more acknowledged, which a witness cosigns.
func newOlderApart(t *testing.T) *olderApart {
	t.Helper()
	o := &olderApart{split: newSplit(t), listen: map[string]string{}, copied: t.TempDir()}
	ports := freePorts(t, len(platform.Services))
	for i, service := range platform.Services {
		o.listen[service] = fmt.Sprintf("127.0.0.1:%d", ports+i)
	}
	var err error
	at := client.Addresses{Intake: o.listen["intake"], Triage: o.listen["triage"], Routing: o.listen["routing"], Audit: o.listen["audit"]}
	if o.line, err = client.Connect(at, platform.Credentials(platform.IdentityFolder(o.Folder), "line", "alarmtelefonen")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.line.Close() })
	o.run(func() {})
	witnessed(t, o.Data)
	o.run(func() { o.conversation = o.open() })
	for name, folder := range map[string]string{"log": o.Stored, "data": o.Data} {
		if err := os.CopyFS(filepath.Join(o.copied, name), os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
	}
	o.run(func() {
		for range 3 {
			o.open()
		}
	})
	return o
}

// run starts everything, and stops it once audit has signed what was done.
func (o *olderApart) run(do func()) {
	o.t.Helper()
	nats := o.nats()
	var all []*process
	for _, service := range platform.Services {
		all = append(all, start(o.t, nil, "stafett", o.arguments(service)...))
	}
	for _, p := range all {
		p.says(o.t, "is up at")
	}
	before, err := verify.UnverifiedCheckpoint(checkpointAfter(o.t, o.Data, 4))
	if err != nil {
		o.t.Fatal(err)
	}
	if do(); o.conversation != "" {
		checkpointAfter(o.t, o.Data, before.Size)
	}
	for _, p := range append(all, nats) {
		p.stop(o.t)
	}
}

func (o *olderApart) arguments(service string) []string {
	return append(o.Arguments(service), "--listen", o.listen[service])
}

func (o *olderApart) putBack() {
	o.t.Helper()
	for name, folder := range map[string]string{"log": o.Stored, "data": o.Data} {
		if err := programs.Replace(folder, filepath.Join(o.copied, name)); err != nil {
			o.t.Fatal(err)
		}
	}
}

// open opens a conversation.
func (o *olderApart) open() string {
	o.t.Helper()
	opened, err := client.Send(patiently(o.t), o.line.Intake.OpenConversation, opening())
	if err != nil {
		o.t.Fatal(err)
	}
	return opened.Recorded.Name
}

func opening() *intakev1.OpenConversationRequest {
	return &intakev1.OpenConversationRequest{RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child"}
}

// command sends a service a command that is in order.
func (o *olderApart) command(service string) (err error) {
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	switch service {
	case "intake":
		_, err = o.line.Intake.OpenConversation(ctx, opening())
	case "triage":
		_, err = o.line.Triage.TagConversation(ctx, &triagev1.TagConversationRequest{RequestId: uuid.NewString(), Conversation: o.conversation, Add: []string{"V.physical"}})
	case "routing":
		_, err = o.line.Routing.CallEmergency(ctx, &routingv1.CallEmergencyRequest{
			RequestId: uuid.NewString(), Conversation: o.conversation, Participant: "mina", Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_MEDICAL,
		})
		if !strings.Contains(fmt.Sprint(err), "call now, record later") {
			o.t.Errorf("calling help is answered %v", err)
		}
	}
	return err
}

// blocks are the bytes of the log.
func (o *olderApart) blocks() (all string) {
	o.t.Helper()
	paths, err := programs.Blocks(o.Stored)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, path := range paths {
		all += string(read(o.t, path))
	}
	return all
}
