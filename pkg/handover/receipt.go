package handover

import (
	"bytes"
	"fmt"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// NewReceipt returns the receipt of a commit's request, with which a repeated request
// is answered.
func NewReceipt(a *eventv1.Commit, position uint64) *statev1.Receipt {
	return &statev1.Receipt{
		RequestId: a.RequestId, RequestHash: a.RequestHash,
		Name: a.Name, Position: position, RecordTime: a.RecordTime,
	}
}

// FindReceipt returns the receipt of a request id, or nil.
func FindReceipt(receipts []*statev1.Receipt, requestID []byte) *statev1.Receipt {
	for i := len(receipts) - 1; i >= 0; i-- {
		if bytes.Equal(receipts[i].RequestId, requestID) {
			return receipts[i]
		}
	}
	return nil
}

// AnswerAgain answers a repeated request from its receipt. It refuses a different
// request with the same id.
func AnswerAgain(receipt *statev1.Receipt, requestHash []byte) (*handoverv1.Recorded, error) {
	if !bytes.Equal(requestHash, receipt.RequestHash) {
		return nil, refusal.RequestIDReused("this request_id was used before with another request; use a new one for each command",
			"position", fmt.Sprint(receipt.Position))
	}
	return &handoverv1.Recorded{Name: receipt.Name, Position: receipt.Position, RecordTime: receipt.RecordTime}, nil
}
