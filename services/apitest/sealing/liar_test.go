package sealing_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// liar changes what a platform answers, in front of the real client library.
type liar struct {
	conversation func(*intakev1.Conversation)
	refusal      error // instead of a conversation
	packet       func(*intakev1.OpenPacketResponse)
	keys         func(*routingv1.ListLineKeysRequest, *routingv1.ListLineKeysResponse)
	inclusion    func(*auditv1.ProveInclusionRequest, *auditv1.ProveInclusionResponse)
	consistency  func(*auditv1.ProveConsistencyRequest, *auditv1.ProveConsistencyResponse)
	audit        func() error // instead of an answer
}

type lyingIntake struct {
	intakev1.IntakeServiceClient
	liar
}

func (l lyingIntake) GetConversation(ctx context.Context, r *intakev1.GetConversationRequest, o ...grpc.CallOption) (*intakev1.Conversation, error) {
	if l.refusal != nil {
		return nil, l.refusal
	}
	c, err := l.IntakeServiceClient.GetConversation(ctx, r, o...)
	if err == nil && l.conversation != nil {
		l.conversation(c)
	}
	return c, err
}

func (l lyingIntake) OpenPacket(ctx context.Context, r *intakev1.OpenPacketRequest, o ...grpc.CallOption) (*intakev1.OpenPacketResponse, error) {
	packet, err := l.IntakeServiceClient.OpenPacket(ctx, r, o...)
	if err == nil && l.packet != nil {
		l.packet(packet)
	}
	return packet, err
}

type lyingKeys struct {
	routingv1.KeyServiceClient
	liar
}

func (l lyingKeys) ListLineKeys(ctx context.Context, r *routingv1.ListLineKeysRequest, o ...grpc.CallOption) (*routingv1.ListLineKeysResponse, error) {
	listed, err := l.KeyServiceClient.ListLineKeys(ctx, r, o...)
	if err == nil && l.keys != nil {
		l.keys(r, listed)
	}
	return listed, err
}

type lyingAudit struct {
	auditv1.AuditServiceClient
	liar
}

func (l lyingAudit) ProveInclusion(ctx context.Context, r *auditv1.ProveInclusionRequest, o ...grpc.CallOption) (*auditv1.ProveInclusionResponse, error) {
	if l.audit != nil && l.audit() != nil {
		return nil, l.audit()
	}
	proof, err := l.AuditServiceClient.ProveInclusion(ctx, r, o...)
	if err == nil && l.inclusion != nil {
		l.inclusion(r, proof)
	}
	return proof, err
}

func (l lyingAudit) ProveConsistency(ctx context.Context, r *auditv1.ProveConsistencyRequest, o ...grpc.CallOption) (*auditv1.ProveConsistencyResponse, error) {
	if l.audit != nil && l.audit() != nil {
		return nil, l.audit()
	}
	if l.consistency == nil {
		return l.AuditServiceClient.ProveConsistency(ctx, r, o...)
	}
	answer := &auditv1.ProveConsistencyResponse{}
	l.consistency(r, answer)
	return answer, nil
}

// lies to a party from here on, and tells no earlier lie any more.
func (l liar) lies(p *party) {
	if p.honest == nil {
		p.honest = p.Platform
	}
	p.Platform = &client.Platform{
		Intake: lyingIntake{p.honest.Intake, l}, Triage: p.Triage, Routing: p.Routing, Directory: p.Directory,
		Keys: lyingKeys{p.honest.Keys, l}, Audit: lyingAudit{p.honest.Audit, l},
	}
	p.System = load(p.Desk)
	p.sees()
}

// commits makes the log commit to a part.
func commits(part *intakev1.SealedPart) func(*intakev1.Conversation) {
	sum := sha256.Sum256(slices.Concat(part.Salt, part.Sealed))
	return func(c *intakev1.Conversation) {
		for _, h := range c.Handovers {
			for _, p := range h.PacketParts {
				p.Commitment = sum[:]
			}
		}
	}
}

// plant proves an entry in a tree of the liar's own.
func plant(log verify.LogSigner, r *auditv1.ProveInclusionRequest, proof *auditv1.ProveInclusionResponse, which byte, size int64) {
	tree := planted(proof.Entry, int64(r.Position)-1, which, size)
	path, err := tlog.ProveRecord(size, int64(r.Position)-1, tree)
	if err != nil {
		panic(err)
	}
	proof.Path, proof.Checkpoint = raw(path), signedTree(log, tree, size)
}

// continues proves that a tree of the liar's own continues an older one.
func continues(log verify.LogSigner, r *auditv1.ProveConsistencyRequest, answer *auditv1.ProveConsistencyResponse, tree hashes, size int64) {
	path, err := tlog.ProveTree(size, int64(r.OlderSize), tree)
	if err != nil {
		panic(err)
	}
	answer.Path, answer.Checkpoint = raw(path), signedTree(log, tree, size)
}

func raw(path []tlog.Hash) (all [][]byte) {
	for _, hash := range path {
		all = append(all, hash[:])
	}
	return all
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, h[i])
	}
	return found, nil
}

// planted is a tree with an entry in it; the others differ from tree to tree.
func planted(entry []byte, at int64, which byte, size int64) (tree hashes) {
	for i := range size {
		leaf := fmt.Appendf(nil, "%d %d", which, i)
		if i == at && entry != nil {
			leaf = entry
		}
		made, err := tlog.StoredHashes(i, leaf, tree)
		if err != nil {
			panic(err)
		}
		tree = append(tree, made...)
	}
	return tree
}

func signedTree(log verify.LogSigner, tree hashes, size int64) string {
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		panic(err)
	}
	signed, err := note.Sign(&note.Note{Text: verify.Checkpoint{Origin: log.Name(), Size: size, Root: root}.Text()}, log)
	if err != nil {
		panic(err)
	}
	return string(signed)
}
