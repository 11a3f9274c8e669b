package persons

import (
	"bytes"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ahead is how much later than the command a signature may claim to be: clocks of lines differ.
const ahead = time.Minute

// word verifies one signature against the key and the state as they are now.
func (s Signed) word(t *decide.Turn, w Wanted, signature *handoverv1.SecondSignature) (*handoverv1.SignedWord, error) {
	var key *handoverv1.StaffKey
	if s.Staff != nil {
		key = s.Staff(signature.Key)
	}
	if key == nil {
		return nil, invalid(w, "UNKNOWN_KEY", "its key is not registered, or was revoked; register the key of the person who signs")
	}
	shown, err := staffkey.Verify(signature, key)
	if err != nil {
		return nil, invalid(w, "NOT_VERIFIED", err.Error())
	}
	if why, problem := s.stale(t, shown); why != "" {
		return nil, invalid(w, why, problem)
	}
	return &handoverv1.SignedWord{Signature: signature, Key: key}, nil
}

// stale says why a signature does not count now, or nothing.
func (s Signed) stale(t *decide.Turn, shown *handoverv1.Shown) (why, problem string) {
	now := t.Conversation.Shown(t.Permission.Name, s.Hash)
	if shown.Command != now.Command || !bytes.Equal(shown.RequestHash, now.RequestHash) {
		return "OTHER_COMMAND", "it is over another command, or the same with other fields; sign this request"
	}
	if shown.Conversation != now.Conversation {
		return "OTHER_CONVERSATION", "it is over another conversation; sign for this one"
	}
	now.SignTime, now.Nonce = shown.SignTime, shown.Nonce
	if !proto.Equal(shown, now) {
		return "STALE", "risk, custody, consent or handover are not what was shown; show what they are now, and sign again"
	}
	return s.spent(t, shown)
}

// spent says whether a signature is too old, or was used.
func (s Signed) spent(t *decide.Turn, shown *handoverv1.Shown) (why, problem string) {
	switch at := shown.SignTime.AsTime(); {
	case len(shown.Nonce) != nonceSize:
		return "NOT_VERIFIED", fmt.Sprintf("its nonce must have %d bytes", nonceSize)
	case at.After(t.Now.Add(ahead)) || !t.Now.Before(at.Add(handover.SignatureCounts)):
		return "EXPIRED", fmt.Sprintf("it was made at %s and counts for %s; sign again", shown.SignTime.AsTime().Format(time.RFC3339), handover.SignatureCounts)
	}
	for _, used := range t.Conversation.UsedSignatures {
		if bytes.Equal(used.Nonce, shown.Nonce) {
			return "USED", "it was used before; sign again"
		}
	}
	return "", ""
}

const nonceSize = 16

func invalid(w Wanted, why, problem string) error {
	return refusal.SignatureInvalid("a signature does not count: "+problem, "line", w.Line, "why", why)
}
