package intake

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GrantAccess puts grants into the vault, then records that they are there. It first reads the log to
// its end, so that a key that was just published counts.
func (s *Service) GrantAccess(ctx context.Context, r *intakev1.GrantAccessRequest) (*intakev1.GrantAccessResponse, error) {
	if err := s.model.CatchUp(ctx, 0); err != nil {
		return nil, err
	}
	return rpc.Answer[intakev1.GrantAccessResponse](s.commands.DoWith(ctx, r, func(o *decide.Origin) (store func() error, err error) {
		return func() error { return s.keep(o.At.Conversation, r.Grants) }, nil
	}))
}

// keep stores grants by their hashes.
func (s *Service) keep(conversation string, grants []*sealv1.Grant) error {
	var group errgroup.Group // so that they share a sync
	for _, grant := range grants {
		content, err := proto.Marshal(grant)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error {
			return s.vault.Put(conversation, vault.Grant(seal.GrantHash(grant), content), s.deps.Clock.Now())
		})
	}
	return group.Wait()
}

// grant reads a grant from the vault; nil if it was erased.
func (s *Service) grant(conversation string, hash []byte) (*sealv1.Grant, error) {
	blob, err := s.vault.Get(conversation, hash)
	if errors.Is(err, vault.ErrNotFound) {
		return nil, nil
	}
	grant := &sealv1.Grant{}
	if err == nil {
		err = proto.Unmarshal(blob.Sealed, grant)
	}
	return grant, err
}

// granted returns the grants to a line among events, but for those of a packet's parts, which come with
// its opening.
func (s *Service) granted(conversation, line string, events []*eventv1.Event) (all []*sealv1.Grant, err error) {
	for _, e := range events {
		given := e.GetAccessGranted()
		if given.GetReceiver() != line || given.GetKind() == sealv1.Kind_KIND_PACKET_PART {
			continue
		}
		grant, err := s.grant(conversation, given.Hash)
		if err != nil {
			return nil, err
		}
		if grant != nil {
			all = append(all, grant)
		}
	}
	return all, nil
}

// directory is what intake's commands depend on: the keys of the lines, and the times that they set for themselves.
func (s *Service) directory(string) (handover.Directory, error) {
	return handover.Directory{Trusts: s.trusts, Deadlines: s.deadlines}, nil
}

// deadlines returns the times that a line sets for itself, or nil. A line that is not in the directory was
// refused before.
func (s *Service) deadlines(id string) *handoverv1.LineDeadlines {
	state, err := s.lineState(id)
	if err != nil {
		return nil
	}
	return state.Line.GetDeadlines()
}

// trusts refuses a grant whose keys are not published or must not be used, or that its giver did not
// sign. Whether it opens, only the receiver can tell.
func (s *Service) trusts(grant *sealv1.Grant, terms *sealv1.GrantTerms) error {
	if terms.Domain != s.deps.Domain() {
		return refusal.GrantNotTrusted(fmt.Sprintf("the grant is for the trust domain %q, and this is %q", terms.Domain, s.deps.Domain()))
	}
	giver, err := s.usable(terms.Giver, terms.GiverKey, sealv1.KeyUse_KEY_USE_SIGNING)
	if err != nil {
		return err
	}
	if _, err := s.usable(terms.Receiver, terms.ReceiverKey, sealv1.KeyUse_KEY_USE_SEALING); err != nil {
		return err
	}
	if err := seal.VerifyGrant(grant, giver); err != nil {
		return refusal.GrantNotTrusted(err.Error(), "line", terms.Giver)
	}
	return nil
}

// usable returns a key that a line published and that may be used now.
func (s *Service) usable(line string, id []byte, use sealv1.KeyUse) (key *seal.PublicKey, err error) {
	state, err := s.lineState(line)
	if err != nil {
		return nil, err
	}
	if key, err = lines.UsableKey(state, id, use, s.deps.Clock.Now()); err != nil {
		return nil, refusal.GrantNotTrusted(fmt.Sprintf("the key %x of %s cannot be used: %v; list its keys", id, line, err), "line", line)
	}
	return key, nil
}
