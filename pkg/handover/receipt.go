package handover

import (
	"bytes"
	"fmt"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Receipt is a commit at its position: the answer to the request that made it.
type Receipt struct {
	Commit   *eventv1.Commit
	Position uint64
}

// Receipts are receipts of one aggregate, by request id. They stay out of its state: no decision
// depends on them, and the state would grow with every command.
type Receipts map[string]Receipt

// Add adds the receipt of a commit, if a request made it.
func (r Receipts) Add(a *eventv1.Commit, position uint64) {
	if len(a.GetRequestId()) > 0 {
		r[string(a.RequestId)] = Receipt{a, position}
	}
}

// Find returns the receipt of a request id, or nil.
func (r Receipts) Find(requestID []byte) *Receipt {
	if receipt, ok := r[string(requestID)]; ok {
		return &receipt
	}
	return nil
}

// Of reports whether the receipt is that of a request with this hash. It accepts nil.
func (r *Receipt) Of(requestHash []byte) bool {
	return r != nil && bytes.Equal(requestHash, r.Commit.RequestHash)
}

// Answer answers a repeated request. It refuses a different request with the same id.
func (r *Receipt) Answer(requestHash []byte) (*handoverv1.Recorded, error) {
	if !r.Of(requestHash) {
		return nil, refusal.RequestIDReused("this request_id was used before with another request; use a new one for each command",
			"position", fmt.Sprint(r.Position))
	}
	return &handoverv1.Recorded{Name: r.Commit.Name, Position: r.Position, RecordTime: r.Commit.RecordTime}, nil
}
