package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/programs"
)

// TestAnOlderFolderIsNotServed: a thousand commands are acknowledged, and then the whole folder is
// put back as it was after half of them. The witness has what this log's own key signed, so the
// platform does not start, and neither without the witness from then on. The recovery says what
// is missing.
func TestAnOlderFolderIsNotServed(t *testing.T) {
	t.Parallel()
	data, older, ports := t.TempDir(), filepath.Join(t.TempDir(), "older"), strconv.Itoa(freePorts(t, 5))
	arguments := []string{"up", "--data", data, "--port", ports, "--log-level", "error"}
	p := start(t, nil, "stafett", arguments...)
	p.says(t, "is up")
	p.stop(t)
	w := witnessed(t, data)
	half := func() {
		t.Helper()
		p := start(t, nil, "stafett", arguments...)
		p.says(t, "is up")
		checkpointAfter(t, data, int64(acknowledge(t, data, 500))-1)
		p.stop(t)
	}
	half()
	if err := os.CopyFS(older, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	half()
	if err := programs.Replace(data, older); err != nil {
		t.Fatal(err)
	}
	refusal := []string{"is missing; the log ends at", "nothing may be appended to it", "stafett recover"}
	expect(t, 1, refusal, arguments...)
	w.Kill()
	expect(t, 1, refusal, arguments...)
	expect(t, 2, []string{"contradicted: it ends at position", "is lost", "--yes"}, "recover", "--data", data)
	expect(t, 0, []string{"the new log is in " + data}, "recover", "--data", data, "--yes")
	p = start(t, nil, "stafett", arguments...)
	p.says(t, "is up")
	acknowledge(t, data, 10)
	p.stop(t)
}

// witnessed starts a witness that must cosign what the platform publishes.
func witnessed(t *testing.T, data string) *process {
	t.Helper()
	key := filepath.Join(data, "audit", "log.vkey")
	w := start(t, nil, "stafett", "witness", "--data", t.TempDir(), "--name", "witness.test/w", "--log-key", key, "--listen", "127.0.0.1:0")
	line := strings.Replace(strings.TrimSpace(w.says(t, "witness NAME")), "NAME", "w", 1)
	file(t, filepath.Join(data, "audit"), "trust.policy", "log "+string(read(t, key))+line+"\nquorum w\n")
	return w
}

// acknowledge has commands acknowledged by a running platform, and returns the last position.
func acknowledge(t *testing.T, data string, count int) (last uint64) {
	t.Helper()
	at, err := client.ReadAddresses(data)
	if err != nil {
		t.Fatal(err)
	}
	line, err := client.Connect(at, platform.Credentials(platform.IdentityFolder(data), "line", "alarmtelefonen"))
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	group, ctx := errgroup.WithContext(patiently(t))
	positions := make(chan uint64, count)
	for caller := range 10 {
		group.Go(func() error {
			opened, err := client.Send(ctx, line.Intake.OpenConversation, opening())
			if err != nil {
				return err
			}
			for number := range count/10 - 1 {
				joined, err := client.Send(ctx, line.Intake.JoinConversation, &intakev1.JoinConversationRequest{
					RequestId: uuid.NewString(), Conversation: opened.Recorded.Name,
					Participant: fmt.Sprint("c", caller, "-", number), Role: handoverv1.Role_ROLE_COUNSELLOR,
				})
				if err != nil {
					return err
				}
				positions <- joined.Recorded.Position
			}
			return nil
		})
	}
	began := time.Now()
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d commands took %v", count, time.Since(began))
	for close(positions); len(positions) > 0; {
		last = max(last, <-positions)
	}
	return last
}
