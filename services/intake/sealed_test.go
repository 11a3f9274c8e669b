package intake

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// reason is the reason of a refusal without its prefix; empty for none.
func reason(err error) string {
	if refusal.ReasonOf(err) == 0 {
		return ""
	}
	return strings.TrimPrefix(refusal.ReasonOf(err).String(), "REFUSAL_REASON_")
}

// blobs counts what is in the vault.
func (w *world) blobs() (n int) {
	w.t.Helper()
	err := w.vault.Sweep(w.t.Context(), w.clock.Now().Add(time.Hour), func(string, []byte) bool {
		n++
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// seals seals a part of the packet of a conversation's first handover.
func (w *world) seals(conversation, request string, blob []byte) error {
	w.t.Helper()
	_, err := w.bris.SealPacket(logtest.Context(w.t), &intakev1.SealPacketRequest{
		RequestId: request, Handover: handover.HandoverName(handover.ConversationName(conversation), 1),
		Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: blob,
	})
	return err
}

func TestARefusedBlobLeavesTheVault(t *testing.T) {
	w := open(t)
	id := w.opens()
	if err := w.seals(id, uuid.NewString(), sealtest.Blob("words")); client.Reason(err) != "HANDOVER_NOT_FOUND" || w.blobs() != 0 {
		t.Errorf("a part of no handover was answered %v, and the vault has %d blobs", err, w.blobs())
	}
	_, err := w.bris.SendMessage(logtest.Context(t), &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: handover.ConversationName(id), Participant: "child",
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob("words"),
	})
	if client.Reason(err) != "NOT_RELAYED" || w.blobs() != 0 {
		t.Errorf("a message that is not relayed was answered %v, and the vault has %d blobs", err, w.blobs())
	}
}

func TestARecordedBlobStays(t *testing.T) {
	w := open(t)
	id, request, words := w.opens(), uuid.NewString(), sealtest.Blob("words")
	w.routing.MustDo(id, "bris", command.ProposeHandover{Line: "bris"})
	for range 2 { // the second time it is the same request
		if err := w.seals(id, request, words); err != nil || w.blobs() != 1 {
			t.Fatalf("answered %v, and the vault has %d blobs", err, w.blobs())
		}
	}
	if err := w.seals(id, request, sealtest.Blob("words")); client.Reason(err) != "REQUEST_ID_REUSED" {
		t.Errorf("other words under the same id were answered %v", err)
	}
	state, err := w.conversations.Newest(logtest.Context(t), id)
	if err != nil {
		t.Fatal(err)
	}
	part := state.Conversation.Handovers[0].PacketParts[0]
	blob, err := w.vault.Get(id, part.Commitment)
	if err != nil || !bytes.Equal(blob.Sealed, words) {
		t.Errorf("the log's blob is %q, %v", blob.Sealed, err)
	}
}

// TestWhatIsNotSealedIsRefused: the platform does not take what it could read, nor what tells by its
// size how much was said.
func TestWhatIsNotSealedIsRefused(t *testing.T) {
	w := open(t)
	id := w.opens()
	w.routing.MustDo(id, "bris", command.ProposeHandover{Line: "bris"})
	whole := sealtest.Blob("words")
	foreign := append([]byte{2}, whole[1:]...)
	for name, c := range map[string]struct {
		blob   []byte
		reason string
	}{
		"clear text":    {[]byte("is hit at home"), "NOT_SEALED"},
		"nothing":       {nil, "FIELD_INVALID"},
		"truncated":     {whole[:len(whole)-1], "NOT_SEALED"},
		"too long":      {append(bytes.Clone(whole), 0), "NOT_SEALED"},
		"of a stranger": {foreign, "NOT_SEALED"},
		"no bucket's":   {append([]byte{1}, make([]byte, 1000)...), "NOT_SEALED"},
		"oversized":     {append([]byte{1}, make([]byte, 16489)...), "FIELD_INVALID"},
		"whole":         {whole, ""},
	} {
		if err := w.seals(id, uuid.NewString(), c.blob); client.Reason(err) != c.reason {
			t.Errorf("%s: answered %v, want %s", name, err, c.reason)
		}
	}
	_, err := w.bris.SendMessage(logtest.Context(t), &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: handover.ConversationName(id), Participant: "child",
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("is hit at home"),
	})
	if client.Reason(err) != "NOT_SEALED" || w.blobs() != 1 {
		t.Errorf("clear text in a message was answered %v, and the vault has %d blobs", err, w.blobs())
	}
}

// TestTheSweepKeepsWhatTheLogKnows: an hour later only blobs without a command are gone.
func TestTheSweepKeepsWhatTheLogKnows(t *testing.T) {
	w := open(t)
	id := w.opens()
	w.routing.MustDo(id, "bris", command.ProposeHandover{Line: "bris"})
	if err := w.seals(id, uuid.NewString(), sealtest.Blob("words")); err != nil {
		t.Fatal(err)
	}
	if err := w.vault.Put(id, w.vault.Seal(id, "never recorded", []byte("orphan")), w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.model.CatchUp(logtest.Context(t), 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{orphaned - time.Second, 2}, {2 * time.Second, 1}} {
		w.clock.Advance(c.after)
		if err := w.sweep(t.Context()); err != nil || w.blobs() != c.want {
			t.Errorf("%v later the sweep ended with %v and left %d blobs, want %d", c.after, err, w.blobs(), c.want)
		}
	}
}
