package handover_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestReceipts(t *testing.T) {
	made := &eventv1.Commit{RequestId: []byte("id"), RequestHash: []byte("hash"), Name: "a name", RecordTime: timestamppb.Now()}
	receipts := handover.Receipts{}
	receipts.Add(made, 7)
	receipts.Add(&eventv1.Commit{Name: "the platform's own"}, 8)
	if len(receipts) != 1 || receipts.Find(nil) != nil || receipts.Find([]byte("other")) != nil {
		t.Errorf("the receipts are %v, want that of the one request", receipts)
	}
	receipt := receipts.Find([]byte("id"))
	recorded, err := receipt.Answer([]byte("hash"))
	if err != nil || recorded.Name != made.Name || recorded.Position != 7 || recorded.RecordTime != made.RecordTime {
		t.Errorf("the answer is %v, %v", recorded, err)
	}
	if _, err := receipt.Answer([]byte("another")); refusal.ReasonOf(err) != handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED {
		t.Errorf("another request with the same id: %v", err)
	}
}
