package handover

import (
	"bytes"
	"fmt"

	"github.com/stafett/stafett/pkg/event/upcast"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Fold applies a commit, recorded at a position, to a state, and upgrades events of
// earlier versions. The hash is SHA-256 of the stored payload. A commit that does not
// follow the newest one in the state means a hole in the history: Fold returns an error
// and leaves the state unchanged.
func Fold(s *State, a *eventv1.Commit, position uint64, hash [32]byte) error {
	if err := follows(s, a, position); err != nil {
		return err
	}
	if s.Conversation == nil {
		s.Conversation = &handoverv1.Conversation{}
	}
	for _, e := range a.Events {
		e = upcast.Event(s.Conversation, e)
		evolve(Of(s.Conversation), e, a.RecordTime.AsTime())
		evolveParties(s, e, position)
	}
	if len(a.RequestId) > 0 {
		s.Receipts = append(s.Receipts, NewReceipt(a, position))
	}
	s.HeadPosition, s.HeadHash, s.Commits = position, hash[:], a.Number
	return nil
}

func follows(s *State, a *eventv1.Commit, position uint64) error {
	switch {
	case position <= s.HeadPosition:
		return fmt.Errorf("position %d of %s does not lie after %d", position, a.Subject, s.HeadPosition)
	case a.Number != s.Commits+1:
		return fmt.Errorf("position %d is append %d of %s, want %d: the history has a hole", position, a.Number, a.Subject, s.Commits+1)
	case !bytes.Equal(a.PreviousHash, s.HeadHash):
		return fmt.Errorf("position %d of %s does not carry the hash of the append before it", position, a.Subject)
	}
	return nil
}

// NewReceipt returns the receipt of a commit's request, with which a repeated request
// is answered.
func NewReceipt(a *eventv1.Commit, position uint64) *handoverv1.Receipt {
	return &handoverv1.Receipt{
		RequestId: a.RequestId, RequestHash: a.RequestHash,
		Name: a.Name, Position: position, RecordTime: a.RecordTime,
	}
}

// FindReceipt returns the receipt of a request id, or nil.
func FindReceipt(receipts []*handoverv1.Receipt, requestID []byte) *handoverv1.Receipt {
	for i := len(receipts) - 1; i >= 0; i-- {
		if bytes.Equal(receipts[i].RequestId, requestID) {
			return receipts[i]
		}
	}
	return nil
}

// AnswerAgain answers a repeated request from its receipt. It refuses a different
// request with the same id.
func AnswerAgain(receipt *handoverv1.Receipt, requestHash []byte) (*handoverv1.Recorded, error) {
	if !bytes.Equal(requestHash, receipt.RequestHash) {
		return nil, refusal.RequestIDReused("this request_id was used before with another request; use a new one for each command",
			"position", fmt.Sprint(receipt.Position))
	}
	return &handoverv1.Recorded{Name: receipt.Name, Position: receipt.Position, RecordTime: receipt.RecordTime}, nil
}
