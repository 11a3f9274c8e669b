package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// An evening on which two stories happened, one after the other, and an instant in
// the middle of the first.
const (
	evening = "2026-03-03 19:30"
	night   = "2026-03-03 20:40"
	moment  = "2026-03-03 19:43"
)

// auditor is somebody with the program, a certificate and nothing else.
type auditor struct {
	t       *testing.T
	data    string
	stories []*story.Story
	played  []*play.Played
}

// newAuditor plays the stories, and starts the platform again on what they left.
func newAuditor(t *testing.T, names ...string) (a *auditor, platform *process) {
	t.Helper()
	a = &auditor{t: t, data: t.TempDir()}
	for _, name := range names {
		s, err := story.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		a.stories, a.played = append(a.stories, s), append(a.played, a.play(s))
	}
	platform = start(t, nil, "stafett", "up", "--data", a.data, "--port", "0", "--log-level", "error")
	platform.says(t, "Stafett is up")
	return a, platform
}

func (a *auditor) play(s *story.Story) *play.Played {
	a.t.Helper()
	world, err := play.Simulated(a.t.Context(), a.data, s)
	if err != nil {
		a.t.Fatal(err)
	}
	played, err := play.Play(a.t.Context(), s, world, play.Options{})
	if err := errors.Join(err, world.Close()); err != nil {
		a.t.Fatal(err)
	}
	return played
}

// offline runs a command that needs no platform, and returns what it says and its
// exit code.
func (a *auditor) offline(args ...string) (string, int) {
	a.t.Helper()
	command := exec.Command(binaries.Path("stafett"), append([]string{"audit"}, args...)...)
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		a.t.Fatal(err)
	}
	a.hasNoContent(out)
	return string(out), command.ProcessState.ExitCode()
}

// reads runs a command on the platform, which must work.
func (a *auditor) reads(args ...string) string {
	a.t.Helper()
	out, code := a.offline(append(args, "--data", a.data, "--purpose", "supervision", "--case", "2026/118-3")...)
	if code != 0 {
		a.t.Fatalf("%v ended with %d: %s", args, code, out)
	}
	return out
}

// hasNoContent looks for every word group that was said.
func (a *auditor) hasNoContent(text []byte) {
	a.t.Helper()
	for _, s := range a.stories {
		for _, step := range s.Steps {
			for _, said := range []string{step.Says, step.English} {
				if said != "" && bytes.Contains(text, []byte(said)) {
					a.t.Errorf("the auditor sees %q", said)
				}
			}
		}
	}
}

func appendsOf(t *testing.T, lines string) (all []*auditv1.StoredCommit) {
	t.Helper()
	for line := range strings.Lines(lines) {
		stored := &auditv1.StoredCommit{}
		if err := protojson.Unmarshal([]byte(line), stored); err != nil {
			t.Fatal(err)
		}
		all = append(all, stored)
	}
	return all
}

// TestAnAuditor replays one conversation and one evening up to an instant, never
// sees content, and checks an export offline, with the log's key alone.
func TestAnAuditor(t *testing.T) {
	t.Parallel()
	a, platform := newAuditor(t, "violence", "mental-health")
	conversation := a.played[0].Conversation
	a.replaysUpToAnInstant(conversation)
	a.seesWhoRead(conversation)
	a.draws(conversation)
	a.isRefused()
	a.seesThatCustodyEnded(conversation)
	folder := filepath.Join(t.TempDir(), "evening")
	a.reads("export", "--from", evening, "--to", night, "--into", folder)
	platform.stop(t)
	a.checksOffline(folder)
	a.hasItsCheckpoint(folder)
}

// hasItsCheckpoint: the manifest has a note that covers all that was looked at.
func (a *auditor) hasItsCheckpoint(folder string) {
	a.t.Helper()
	m, err := export.ReadManifest(folder)
	if err != nil {
		a.t.Fatal(err)
	}
	if c, err := verify.UnverifiedCheckpoint([]byte(m.Checkpoint)); err != nil || uint64(c.Size) < m.UntilPosition || m.UntilPosition == 0 {
		a.t.Errorf("%v: the checkpoint is over %d commits of the %d that were looked at", err, c.Size, m.UntilPosition)
	}
}

func (a *auditor) replaysUpToAnInstant(conversation string) {
	a.t.Helper()
	whole := appendsOf(a.t, a.reads("replay", conversation, "-o", "jsonl"))
	part := appendsOf(a.t, a.reads("replay", conversation, "-o", "jsonl", "--to", moment))
	at, err := time.Parse(time.RFC3339, strings.Replace(moment, " ", "T", 1)+":00+01:00")
	if err != nil {
		a.t.Fatal(err)
	}
	if len(part) < 3 || len(part) >= len(whole) || whole[len(part)].Commit.RecordTime.AsTime().Before(at) {
		a.t.Errorf("up to %s there are %d of %d commits", moment, len(part), len(whole))
	}
	state := &auditv1.GetStateResponse{}
	if err := protojson.Unmarshal([]byte(a.reads("state", conversation, "--at", moment, "-o", "json")), state); err != nil {
		a.t.Fatal(err)
	}
	last := part[len(part)-1]
	if held := state.GetConversation(); held.GetHeadPosition() != last.Position || !bytes.Equal(held.GetHeadHash(), last.PayloadHash) {
		a.t.Errorf("the state at %s is that of position %d, want %d", moment, held.GetHeadPosition(), last.Position)
	}
	if table := a.reads("replay", conversation); !strings.Contains(table, "alarmtelefonen·2") {
		a.t.Errorf("the table does not tell who had custody:\n%s", table)
	}
}

// seesWhoRead: each of the questions before is in the record, with its purpose.
func (a *auditor) seesWhoRead(conversation string) {
	a.t.Helper()
	table := a.reads("accesses")
	for _, want := range []string{"TIME, Europe/Oslo", "GetState       SUPERVISION", "2026/118-3  " + conversation + " to 2026-03-03T19:43:00+01:00"} {
		if !strings.Contains(table, want) {
			a.t.Errorf("the access log does not tell %q:\n%s", want, table)
		}
	}
}

func (a *auditor) draws(conversation string) {
	a.t.Helper()
	for _, args := range [][]string{{"picture", conversation, "--language", "da"}, {"evening", "--from", evening, "--to", night}} {
		if svg := a.reads(args...); !strings.HasPrefix(svg, "<svg ") || !strings.Contains(svg, "snakkommobbing") {
			a.t.Errorf("%v draws %.200s", args, svg)
		}
	}
	custody := a.reads("report", "custody", conversation)
	if strings.Count(custody, conversation) != 2 || !strings.Contains(custody, "alarmtelefonen") {
		a.t.Errorf("custody is told as\n%s", custody)
	}
	if figures := a.reads("report", "figures"); strings.Contains(figures, " 1 ") || !strings.Contains(figures, "bounces") && !strings.Contains(figures, ".") {
		a.t.Errorf("figures of two conversations tell\n%s", figures)
	}
}

func (a *auditor) isRefused() {
	a.t.Helper()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"replay", "--data", a.data}, cli.ExitUsage, "--purpose"},
		{[]string{"replay", "--data", a.data, "--purpose", "curiosity"}, cli.ExitUsage, "complaint, subject-access"},
		{[]string{"replay", "--data", a.data, "--purpose", "incident", "--case", "the boy"}, cli.ExitRefused, "FIELD_INVALID"},
		{[]string{"replay", strings.Repeat("0", 32), "--data", a.data, "--purpose", "incident"}, cli.ExitRefused, "CONVERSATION_NOT_FOUND"},
		{[]string{"replay", "--to", "2026-03-03", "--data", a.data, "--purpose", "incident"}, cli.ExitRefused, "BEFORE_START"},
		{[]string{"replay", "--to", "2099-01-01", "--data", a.data, "--purpose", "incident"}, cli.ExitRefused, "TIME_IN_FUTURE: 2099-01-01T00:00:00+01:00 is in the future"},
		{[]string{"replay", "--until", "99999", "--data", a.data, "--purpose", "incident"}, cli.ExitRefused, "POSITION_IN_FUTURE"},
		{[]string{"replay", "--from", "2026-03-29 02:30", "--data", a.data, "--purpose", "incident"}, cli.ExitUsage, "skip"},
		{[]string{"replay", "--from", "yesterday", "--data", a.data, "--purpose", "incident"}, cli.ExitUsage, "--from"},
		{[]string{"report", "figures", "--threshold", "1", "--data", a.data, "--purpose", "statistics"}, cli.ExitUsage, "--threshold"},
	} {
		if out, code := a.offline(c.args...); code != c.code || !strings.Contains(out, c.says) {
			a.t.Errorf("%v ended with %d, want %d, and says %q, want %q in it", c.args, code, c.code, out, c.says)
		}
	}
}

// seesThatCustodyEnded: of a closed conversation nobody has custody, and nobody is there.
func (a *auditor) seesThatCustodyEnded(conversation string) {
	a.t.Helper()
	if state := a.reads("state", conversation); !strings.Contains(state, "custody       ended, with epoch 2\n") || strings.Contains(state, "present") {
		a.t.Errorf("the state of a closed conversation is told as\n%s", state)
	}
	if state := a.reads("state", conversation, "--at", moment); !strings.Contains(state, "snakkommobbing, epoch 1") || !strings.Contains(state, "present") {
		a.t.Errorf("the state of an open conversation is told as\n%s", state)
	}
	if said, code := a.offline("state", conversation, "--as", "nobody", "--purpose", "incident", "--data", a.data); code != cli.ExitFailed || strings.Count(said, "\n") != 1 {
		a.t.Errorf("without a certificate it ends with %d and says %s", code, said)
	}
}

// checksOffline: the export is both stories' evening, whole; one byte less is found.
func (a *auditor) checksOffline(folder string) {
	a.t.Helper()
	key := filepath.Join(a.data, "audit", "log.vkey")
	if out, code := a.offline("check-export", folder, "--log-key", key); code != 0 || !strings.Contains(out, "that checkpoint is signed with the log's key") || !strings.Contains(out, "NOT CHECKED: whether these are all commits of the log") {
		a.t.Fatalf("the export is checked with %d: %s", code, out)
	}
	m, err := export.ReadManifest(folder)
	if err != nil {
		a.t.Fatal(err)
	}
	conversations := map[string]bool{}
	for _, file := range m.Files {
		text, err := os.ReadFile(filepath.Join(folder, file.Name))
		if err != nil {
			a.t.Fatal(err)
		}
		a.hasNoContent(text)
		if file.Format == export.JSONL {
			for _, stored := range appendsOf(a.t, string(text)) {
				a.hasNoContent(stored.Payload)
				if id, ok := strings.CutPrefix(stored.Commit.Subject, "stafett.conversation."); ok {
					conversations[reader.ConversationName(id)] = true
				}
			}
		}
		a.findsTheCut(folder, file, text)
	}
	if len(conversations) != 2 || !conversations[a.played[0].Conversation] || !conversations[a.played[1].Conversation] {
		a.t.Errorf("the evening has %v", conversations)
	}
	if m.Purpose != "supervision" || m.CaseReference != "2026/118-3" || m.EndTime == nil {
		text, _ := json.Marshal(m)
		a.t.Errorf("the manifest says %s", text)
	}
}

func (a *auditor) findsTheCut(folder string, file export.File, text []byte) {
	a.t.Helper()
	path := filepath.Join(folder, file.Name)
	if err := os.Truncate(path, int64(len(text)-1)); err != nil {
		a.t.Fatal(err)
	}
	if out, code := a.offline("check-export", folder); code != cli.ExitUntrue || !strings.Contains(out, file.Name) {
		a.t.Errorf("%s without its last byte is checked with %d: %s", file.Name, code, out)
	}
	if err := os.WriteFile(path, slices.Clone(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
}
