package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ErrQuorum: too few of the witnesses that a policy requires have cosigned.
var ErrQuorum = errors.New("too few witnesses cosigned the checkpoint")

// PolicyLog is a log in a policy, and its URL.
type PolicyLog struct {
	Log
	URL string
}

// PolicyWitness is a witness in a policy, with the policy's own name for it, and its URL.
type PolicyWitness struct {
	Witness
	Name, URL string
}

// Policy says whose checkpoints to trust, and which witnesses must have seen them.
type Policy struct {
	Logs      []PolicyLog
	Witnesses []PolicyWitness
	// quorum is who must have cosigned, or nil if nobody must.
	quorum member
}

// member is a witness or a group of members.
type member interface {
	// met reports whether the cosigners suffice.
	met(cosigned map[string]time.Time) bool
}

type single string

func (s single) met(cosigned map[string]time.Time) bool {
	_, did := cosigned[string(s)]
	return did
}

type group struct {
	needed  int
	members []member
}

func (g group) met(cosigned map[string]time.Time) bool {
	count := 0
	for _, m := range g.members {
		if m.met(cosigned) {
			count++
		}
	}
	return count >= g.needed
}

// NeedsWitnesses reports whether the policy requires any cosignatures.
func (p *Policy) NeedsWitnesses() bool { return p.quorum != nil }

// Quorate reports whether enough witnesses cosigned a checkpoint, whoever signed it.
func (p *Policy) Quorate(signed []byte) bool {
	return p.quorum == nil || p.quorum.met(p.Cosigned(signed))
}

// Reachable refuses a policy whose quorum cannot be met by the witnesses that have a URL,
// which are the only ones that can be asked.
func (p *Policy) Reachable() error {
	reachable := map[string]time.Time{}
	for _, w := range p.Witnesses {
		if w.URL != "" {
			reachable[w.Name] = time.Time{}
		}
	}
	if p.quorum == nil || p.quorum.met(reachable) {
		return nil
	}
	return errors.New("the quorum can never be met: too few of its witnesses have a URL; add those after their keys")
}

// Covers reports whether the policy applies to a log with this origin, whatever its key: the
// policy names that origin, or no log at all.
func (p *Policy) Covers(origin string) bool {
	return len(p.Logs) == 0 || slices.ContainsFunc(p.Logs, func(named PolicyLog) bool { return named.Name() == origin })
}

// Open reads a signed checkpoint from one of the policy's logs that enough witnesses
// cosigned. Errors: ErrSignature, ErrQuorum.
func (p *Policy) Open(signed []byte) (Checkpoint, error) {
	c, err := p.OpenSigned(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	if p.Quorate(signed) {
		return c, nil
	}
	return Checkpoint{}, fmt.Errorf("%w: %d of the policy's %d did, which is not its quorum", ErrQuorum, len(p.Cosigned(signed)), len(p.Witnesses))
}

// OpenSigned is Open without the check of witnesses. Errors: ErrSignature.
func (p *Policy) OpenSigned(signed []byte) (Checkpoint, error) {
	if len(p.Logs) == 0 {
		return Checkpoint{}, fmt.Errorf("%w: the policy names no log; add a line \"log VKEY\"", ErrSignature)
	}
	var errs []error
	for _, log := range p.Logs {
		c, err := OpenCheckpoint(signed, log)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return Checkpoint{}, errors.Join(errs...)
}

// Cosigned returns the policy's witnesses, by the policy's names, that cosigned a signed
// checkpoint, with the times that they claim.
func (p *Policy) Cosigned(signed []byte) map[string]time.Time {
	cosigned := map[string]time.Time{}
	for _, w := range p.Witnesses {
		if opened, err := note.Open(signed, note.VerifierList(w.Witness)); err == nil {
			cosigned[w.Name] = cosignedAt(opened.Sigs[0])
		}
	}
	return cosigned
}

// cosignedAt returns the time of a verified cosignature.
func cosignedAt(s note.Signature) time.Time {
	const keyID = 4
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(raw) < keyID {
		return time.Time{}
	}
	at, _, err := splitCosignature(raw[keyID:])
	if err != nil {
		return time.Time{}
	}
	return time.Unix(int64(at), 0).UTC()
}
