package projection

import (
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// receiptsBucket has what a repeated request is answered with, by subject and request id: the
// position of its commit, and the commit without all that no answer needs.
var receiptsBucket = []byte("receipts")

func putReceipt(tx *bbolt.Tx, entry eventlog.Entry) error {
	a := entry.Commit
	if len(a.RequestId) == 0 {
		return nil
	}
	stored, err := proto.MarshalOptions{}.MarshalAppend(PositionKey(entry.Position),
		&eventv1.Commit{RequestHash: a.RequestHash, Name: a.Name, RecordTime: a.RecordTime})
	if err != nil {
		return err
	}
	return tx.Bucket(receiptsBucket).Put(receiptKey(a.Subject, a.RequestId), stored)
}

func receiptKey(subject string, requestID []byte) []byte {
	return append(Prefix(subject), requestID...)
}

// Receipt returns the receipt of a request, or nil if none of the projected commits is the
// request's.
func (m *Model) Receipt(subject string, requestID []byte) (receipt *handover.Receipt, err error) {
	err = m.View(func(tx *bbolt.Tx) error {
		stored := tx.Bucket(receiptsBucket).Get(receiptKey(subject, requestID))
		if stored == nil {
			return nil
		}
		receipt = &handover.Receipt{Commit: &eventv1.Commit{}, Position: KeyPosition(stored[:8])}
		return proto.Unmarshal(stored[8:], receipt.Commit)
	})
	return receipt, err
}
