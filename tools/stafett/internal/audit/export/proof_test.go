package export_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// source is a platform with some conversations, and what an auditor has from
// elsewhere than from exports.
type source struct {
	target       cli.Target
	audit        auditv1.AuditServiceClient
	conversation string
	policy       *verify.Policy
	services     export.Trust
}

func newSource(t *testing.T) source {
	t.Helper()
	data := t.TempDir()
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: linefile.Example()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	if err := p.Addresses().Save(data); err != nil {
		t.Fatal(err)
	}
	s := source{target: cli.Target{Data: data}}
	s.audit = s.as(t, "auditor", "auditor").Audit
	line := s.as(t, "line", "alarmtelefonen").Intake
	for range 3 {
		answer, err := line.OpenConversation(t.Context(), &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
		})
		if err != nil {
			t.Fatal(err)
		}
		s.conversation = answer.Recorded.Name
	}
	if s.policy, err = (evidence.Trust{LogKey: filepath.Join(data, "audit", "log.vkey")}).Open(); err != nil {
		t.Fatal(err)
	}
	s.services.Policy = s.policy
	if s.services.Services, err = evidence.Services(filepath.Join(data, "signing")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s source) as(t *testing.T, kind, name string) *client.Platform {
	t.Helper()
	p, err := s.target.As(kind, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// export makes an export as the command does.
func (s source) export(t *testing.T, conversation string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "export")
	e, err := export.Create(folder, export.Formats)
	if err != nil {
		t.Fatal(err)
	}
	request := &auditv1.ReplayCommitsRequest{Conversation: conversation, WithPayload: true, Purpose: replay.Exercise()}
	position, err := replay.Each(t.Context(), s.audit, request, e.Add)
	if err != nil {
		t.Fatal(err)
	}
	about := export.About{MakeTime: time.Now(), Conversation: conversation, Checkpoint: s.checkpoint(t, position)}
	tiles, err := evidence.Platform(t.Context(), s.target, "auditor", auditv1.Log_LOG_HISTORY)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Prove(t.Context(), about.Checkpoint, tiles); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(about, position); err != nil {
		t.Fatal(err)
	}
	return folder
}

func (s source) checkpoint(t *testing.T, position uint64) (signed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	err := client.Retry(ctx, func(ctx context.Context) error {
		published, err := s.audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{MinPosition: position})
		signed = published.GetCheckpoint()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// TestAnExportIsProved: everything, and one conversation without those of others.
func TestAnExportIsProved(t *testing.T) {
	s := newSource(t)
	for _, conversation := range []string{"", s.conversation} {
		folder := s.export(t, conversation)
		checked, err := export.Check(t.Context(), folder, s.services)
		if err != nil || checked.Proved == nil || checked.Complete != (conversation == "") {
			t.Errorf("the export of %q is checked with %v, as %+v", conversation, err, checked)
		}
		if _, err := os.Stat(filepath.Join(folder, "history", "tile", "entries")); err == nil {
			t.Error("the export has everybody's entries")
		}
	}
	s.forged(t)
}

// forged: exports that fit in themselves and are not the log's.
func (s source) forged(t *testing.T) {
	whole := s.export(t, "")
	for name, c := range map[string]struct {
		change func(t *testing.T, folder string)
		trust  export.Trust
		says   string
	}{
		"the checkpoint is anything": {func(t *testing.T, folder string) {
			edit(t, folder, func(m *export.Manifest) { m.Checkpoint = "anything at all" })
		},
			export.Trust{}, "the manifest's checkpoint: not a checkpoint"},
		"the checkpoint is older": {func(t *testing.T, folder string) {
			edit(t, folder, func(m *export.Manifest) { m.UntilPosition += 1000 })
		},
			export.Trust{}, "and the manifest speaks of"},
		"the checkpoint is another log's": {func(*testing.T, string) {}, export.Trust{Policy: s.other(t)}, "not signed by this log"},
		"the proof is taken away": {func(t *testing.T, folder string) { edit(t, folder, func(m *export.Manifest) { m.Proved = false }) },
			export.Trust{Policy: s.policy}, "nothing proves it"},
		"a tile is taken away": {func(t *testing.T, folder string) {
			if err := os.RemoveAll(filepath.Join(folder, "history")); err != nil {
				t.Fatal(err)
			}
		}, export.Trust{}, "nothing proves position 1"},
		"everybody's entries lie beside it": {func(t *testing.T, folder string) {
			if err := os.MkdirAll(filepath.Join(folder, "history", "tile", "entries"), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, folder, "history/tile/entries/000", nil)
		}, export.Trust{}, "history/tile/entries/000 is not of this export"},
		"a tile is changed": {flipTiles, export.Trust{}, "inconsistent tile"},
		"the last commit is rewritten": {func(t *testing.T, folder string) {
			s.rewriteLast(t, folder, func(last *auditv1.StoredCommit) {
				rewrite(last, func(last *auditv1.StoredCommit) { last.Commit.Caller = "somebody else" })
			})
		}, export.Trust{}, "is not what the checkpoint's history has there"},
		"the last header is changed": {func(t *testing.T, folder string) {
			s.rewriteLast(t, folder, func(last *auditv1.StoredCommit) { last.Header = append(last.Header, ' ') })
		}, export.Trust{}, "is not what the checkpoint's history has there"},
		"the last signature is another's": {func(t *testing.T, folder string) {
			s.rewriteLast(t, folder, func(last *auditv1.StoredCommit) {
				last.Header = bytes.Replace(last.Header, []byte("Stafett-Signature: "), []byte("Stafett-Signature: AAAA"), 1)
			})
		}, s.services, "it is not signed with any of its service's keys"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(folder, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			c.change(t, folder)
			if _, err := export.Check(t.Context(), folder, c.trust); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("checked with %v, want an error that says %q", err, c.says)
			}
		})
	}
}

// other is a policy that believes the access log, and not the history.
func (s source) other(t *testing.T) *verify.Policy {
	t.Helper()
	policy, err := evidence.Trust{LogKey: filepath.Join(s.target.Data, "audit", "accesses", "log.vkey")}.Open()
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// rewriteLast changes the last commit and lets the manifest say what it is then.
func (s source) rewriteLast(t *testing.T, folder string, change func(*auditv1.StoredCommit)) {
	t.Helper()
	m, err := export.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []*auditv1.StoredCommit
	if err := export.Read(bytes.NewReader(read(t, folder, "commits.jsonl")), func(stored *auditv1.StoredCommit) error {
		all = append(all, stored)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	change(all[len(all)-1])
	forge(t, folder, m.About, m.UntilPosition, all)
}

func flipTiles(t *testing.T, folder string) {
	err := filepath.WalkDir(filepath.Join(folder, "history"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		tile, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		flipped := slices.Clone(tile)
		flipped[0] ^= 1
		return os.WriteFile(path, flipped, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
