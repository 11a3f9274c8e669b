package lines

import (
	"bytes"
	"slices"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// retiredKept is how many retired sealing keys a state keeps: a grant that is under way was made
// for one of the last. The log has all of them.
const retiredKept = 2

// LineKey returns a key of a line, or nil.
func LineKey(s *State, id []byte) *statev1.LineKeyState {
	return find(s.Keys, id)
}

// StaffKey returns the key of one of a line's people, or nil.
func StaffKey(s *State, id []byte) *statev1.StaffKeyState {
	return find(s.StaffKeys, id)
}

func find[K interface{ GetId() []byte }](keys []K, id []byte) (none K) {
	if at := slices.IndexFunc(keys, func(k K) bool { return bytes.Equal(k.GetId(), id) }); at >= 0 {
		return keys[at]
	}
	return none
}

func evolveLineKeys(s *State, e *eventv1.Event, entry eventlog.Entry) {
	if what := e.GetLineKeyPublished(); what != nil {
		s.Keys = append(s.Keys, &statev1.LineKeyState{Key: what.Key, Id: what.Id, Position: entry.Position})
	}
	if key := LineKey(s, e.GetLineKeyRetired().GetId()); key != nil {
		key.Retired = true
		s.Keys = forget(s.Keys)
	}
	if key := LineKey(s, e.GetLineKeyRevoked().GetId()); key != nil {
		key.Revocation, key.RevokeTime = e.GetLineKeyRevoked().Reason, entry.Commit.RecordTime
	}
}

// forget drops the oldest retired keys.
func forget(keys []*statev1.LineKeyState) []*statev1.LineKeyState {
	retired := 0
	for i := len(keys) - 1; i >= 0; i-- {
		if keys[i].Retired && keys[i].Revocation == handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED {
			if retired++; retired > retiredKept {
				keys = slices.Delete(keys, i, i+1)
			}
		}
	}
	return keys
}

func evolveStaffKeys(s *State, e *eventv1.Event, entry eventlog.Entry) {
	if what := e.GetStaffKeyRegistered(); what != nil {
		s.StaffKeys = append(s.StaffKeys, &statev1.StaffKeyState{Key: what.Key, Id: what.Id, Position: entry.Position})
	}
	if key := StaffKey(s, e.GetStaffKeyRevoked().GetId()); key != nil {
		key.Revocation, key.RevokeTime = e.GetStaffKeyRevoked().Reason, entry.Commit.RecordTime
	}
}
