package lines

import (
	"bytes"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// UsableKey returns a published key of a line that may be used for something at an instant, or says
// why it may not.
func UsableKey(s *State, id []byte, use sealv1.KeyUse, now time.Time) (*seal.PublicKey, error) {
	published := LineKey(s, id)
	switch {
	case published == nil:
		return nil, errors.New("the line has not published it")
	case published.Revocation != handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED:
		return nil, errors.New("it was revoked")
	case published.Retired:
		return nil, errors.New("it was retired")
	}
	key := &seal.PublicKey{LineKey: &sealv1.LineKey{}, ID: bytes.Clone(id), Statement: published.Key}
	if err := proto.Unmarshal(published.Key.GetKey(), key.LineKey); err != nil {
		return nil, err
	}
	if key.Use != use {
		return nil, errors.New("it is for something else")
	}
	return key, key.Usable(now)
}
