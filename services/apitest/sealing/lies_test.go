package sealing_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

func scene(t *testing.T) (w *apitest.World, sender, first *party, conversation, handover string) {
	w = apitest.NewWorld(t)
	sender, first, conversation, handover = accepted(w)
	return w, sender, first, conversation, handover
}

// TestASwappedKey: the directory shows keys that the log does not have.
func TestASwappedKey(t *testing.T) {
	w, sender, _, _, handover := scene(t)
	platforms := apitest.Must[*seal.Line](t)(seal.NewLine("stafett.local", "first", w.Clock.Now()))
	liar{keys: func(r *routingv1.ListLineKeysRequest, listed *routingv1.ListLineKeysResponse) {
		if r.Parent == "lines/first" {
			for i, key := range []*seal.PublicKey{platforms.Signing(), platforms.Sealing()} {
				listed.Keys[i].Key, listed.Keys[i].Id = key.Statement, key.ID
			}
		}
	}}.lies(sender)
	wantRefused(t, sender.Grant(w.Ctx, handover), seal.ErrKey)
}

// TestAnotherTree: a log of somebody else, and one that does not continue the one seen before.
func TestAnotherTree(t *testing.T) {
	w, sender, _, _, handover := scene(t)
	other := verifytest.Log("other.example", 7)
	liar{inclusion: func(r *auditv1.ProveInclusionRequest, proof *auditv1.ProveInclusionResponse) {
		plant(other, r, proof, 0, 100)
	}}.lies(sender)
	wantRefused(t, sender.Grant(w.Ctx, handover), seal.ErrKey)

	sender.trust(other)
	asked := byte(0)
	liar{inclusion: func(r *auditv1.ProveInclusionRequest, proof *auditv1.ProveInclusionResponse) {
		asked++
		plant(other, r, proof, asked, 100+int64(asked))
	}, consistency: func(r *auditv1.ProveConsistencyRequest, answer *auditv1.ProveConsistencyResponse) {
		size := 100 + int64(asked)
		continues(other, r, answer, planted(nil, 0, asked, size), size)
	}}.lies(sender)
	wantRefused(t, sender.Grant(w.Ctx, handover), sealing.ErrAltered)
}

// TestAForkedInclusion: a key is proved in a fork of the log, and consistency only for the log itself.
func TestAForkedInclusion(t *testing.T) {
	w, sender, _, _, handover := scene(t)
	other := verifytest.Log("other.example", 7)
	sender.trust(other)
	const honest, fork = 0, 1
	var grown hashes
	liar{inclusion: func(r *auditv1.ProveInclusionRequest, proof *auditv1.ProveInclusionResponse) {
		if grown != nil {
			plant(other, r, proof, fork, 101)
			return
		}
		grown = planted(proof.Entry, int64(r.Position)-1, honest, 102)
		plant(other, r, proof, honest, 100)
	}, consistency: func(r *auditv1.ProveConsistencyRequest, answer *auditv1.ProveConsistencyResponse) {
		continues(other, r, answer, grown, 102)
	}}.lies(sender)
	wantRefused(t, sender.Grant(w.Ctx, handover), sealing.ErrAltered)
}

// trust makes a log the only one whose checkpoints count for a line.
func (p *party) trust(log verify.LogSigner) {
	p.T.Helper()
	policy := filepath.Join(platform.IdentityFolder(p.Data), "line", p.Line+".policy")
	if err := os.WriteFile(policy, []byte("log "+log.VKey()+"\nquorum none\n"), 0o600); err != nil {
		p.T.Fatal(err)
	}
}

// TestAReplayedGrant: one of an earlier handover of the same two lines.
func TestAReplayedGrant(t *testing.T) {
	w, sender, first, conversation, handover := scene(t)
	sender.grant(handover)
	old := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}))
	sender.Recorded(sender.Routing.CancelHandover(w.Ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED,
	}))
	again := propose(sender, first, conversation)
	sender.grant(again)
	liar{packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0].Grant = old.Parts[0].Grant }}.lies(first)
	_, err := first.Open(w.Ctx, again)
	wantRefused(t, err, seal.ErrGrant)
}

// TestAMovedBlob: from another conversation of the same two lines, with the log's commitment to it.
func TestAMovedBlob(t *testing.T) {
	w, sender, first, _, handover := scene(t)
	sender.grant(handover)
	foreign := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}))
	other := propose(sender, first, sender.OpenConversation())
	sender.grant(other)
	move := func(p *intakev1.OpenPacketResponse) {
		p.Parts[0].Sealed, p.Parts[0].Salt = foreign.Parts[0].Sealed, foreign.Parts[0].Salt
	}
	liar{packet: move}.lies(first)
	_, err := first.Open(w.Ctx, other)
	wantRefused(t, err, sealing.ErrAltered)
	liar{packet: move, conversation: commits(foreign.Parts[0])}.lies(first)
	_, err = first.Open(w.Ctx, other)
	wantRefused(t, err, seal.ErrOpen)
}

// TestAChangedByte, in the blob, with and without a commitment to it, and in the grant.
func TestAChangedByte(t *testing.T) {
	w, sender, first, _, handover := scene(t)
	sender.grant(handover)
	whole := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover})).Parts[0]
	changed := proto.CloneOf(whole)
	changed.Sealed[100] ^= 1
	for want, l := range map[error]liar{
		sealing.ErrAltered: {packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0] = changed }},
		seal.ErrOpen:       {packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0] = changed }, conversation: commits(changed)},
		seal.ErrGrant:      {packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0].Grant.Wrapped[9] ^= 1 }},
	} {
		l.lies(first)
		_, err := first.Open(w.Ctx, handover)
		wantRefused(t, err, want)
	}
}

// TestAnEditedConsent, at the giver and at the receiver.
func TestAnEditedConsent(t *testing.T) {
	w, sender, first, _, handover := scene(t)
	sender.grant(handover)
	liar{conversation: func(c *intakev1.Conversation) { c.Handovers[0].Consent.Position-- }}.lies(first)
	_, err := first.Open(w.Ctx, handover)
	wantRefused(t, err, seal.ErrGrant)
	liar{conversation: func(c *intakev1.Conversation) {
		c.Handovers[0].Consent.Given = append(c.Handovers[0].Consent.Given, handoverv1.Scope_SCOPE_TRANSCRIPT)
	}}.lies(sender)
	wantRefused(t, sender.Grant(w.Ctx, handover), sealing.ErrAltered)
}

// TestAGrantForALineThatDeclined: its own system opens nothing that it has not accepted.
func TestAGrantForALineThatDeclined(t *testing.T) {
	w, sender, first, conversation, handover := scene(t)
	sender.grant(handover)
	w.Remove("identity/line/first.contents/" + strings.TrimPrefix(conversation, "conversations/")) // it never said that it accepts
	_, err := first.Open(w.Ctx, handover)
	wantRefused(t, err, seal.ErrGrant)
}

// TestAWithheldGrant is shown: the packet says "not yet".
func TestAWithheldGrant(t *testing.T) {
	w, sender, first, _, handover := scene(t)
	sender.grant(handover)
	liar{packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0].Grant = nil }}.lies(first)
	if parts, err := first.Open(w.Ctx, handover); err != nil || parts[0].Text != "" {
		t.Errorf("the receiver is shown %v, %v", parts, err)
	}
}

func wantRefused(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}
