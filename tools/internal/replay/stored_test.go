package replay_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// TestWhatIsReplayedIsWhatTheTreeHas: with its payload and header, a commit gives
// the leaf that audit proves, whether its neighbours are told too or not.
func TestWhatIsReplayedIsWhatTheTreeHas(t *testing.T) {
	data, port := t.TempDir(), freePorts(t)
	up(t, data, port)
	audit := connect(t, data, port, "auditor", "auditor").Audit
	line := connect(t, data, port, "line", "alarmtelefonen").Intake
	opened := &handoverv1.Recorded{}
	for range 3 {
		answer, err := line.OpenConversation(t.Context(), &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
		})
		if err != nil {
			t.Fatal(err)
		}
		opened = answer.Recorded
	}
	for _, request := range []*auditv1.ReplayCommitsRequest{{}, {Conversation: opened.Name}} {
		request.WithPayload, request.Purpose = true, replay.Exercise()
		all, err := replay.All(t.Context(), audit, request)
		if err != nil || len(all) == 0 {
			t.Fatalf("%d commits, %v", len(all), err)
		}
		for _, stored := range all {
			m := verify.Message{Subject: stored.Commit.Subject, Header: stored.Header, Payload: stored.Payload}
			if leaf := m.Leaf(); !bytes.Equal(leaf[:], leafAt(t, audit, stored.Position)) {
				t.Errorf("position %d with the header %q is not what the tree has", stored.Position, stored.Header)
			}
		}
	}
}

// leafAt is the leaf that audit proves at a position, once it can.
func leafAt(t *testing.T, audit auditv1.AuditServiceClient, position uint64) (leaf []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := client.Retry(ctx, func(ctx context.Context) error {
		proved, err := audit.ProveInclusion(ctx, &auditv1.ProveInclusionRequest{Position: position})
		leaf = proved.GetLeaf()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}
