package projection

import (
	"bytes"
	"slices"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// receiptsBucket has what a repeated request is answered with, by subject and request id: the
// position of its commit, and the commit without all that no answer needs.
var receiptsBucket = []byte("receipts")

// receipt is an entry of the bucket.
type receipt struct{ key, value []byte }

// addReceipt keeps the receipt of an entry until the batch is written.
func (tx *Tx) addReceipt(entry eventlog.Entry) error {
	a := entry.Commit
	if len(a.RequestId) == 0 {
		return nil
	}
	stored, err := proto.MarshalOptions{}.MarshalAppend(PositionKey(entry.Position),
		&eventv1.Commit{RequestHash: a.RequestHash, Name: a.Name, RecordTime: a.RecordTime})
	if err != nil {
		return err
	}
	if tx.receipts == nil {
		tx.receipts = map[string][]receipt{}
	}
	tx.receipts[a.Subject] = append(tx.receipts[a.Subject], receipt{receiptKey(a.Subject, a.RequestId), stored})
	return nil
}

// ForgetReceipts removes the receipts of a subject. The log has its commits.
func (tx *Tx) ForgetReceipts(subject string) error {
	delete(tx.receipts, subject)
	return deletePrefix(tx.Bucket(receiptsBucket), Prefix(subject))
}

func (tx *Tx) putReceipts() error {
	var all []receipt
	for _, some := range tx.receipts {
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b receipt) int { return bytes.Compare(a.key, b.key) })
	for _, r := range all {
		if err := tx.Bucket(receiptsBucket).Put(r.key, r.value); err != nil {
			return err
		}
	}
	return nil
}

func receiptKey(subject string, requestID []byte) []byte {
	return append(Prefix(subject), requestID...)
}

// Receipt returns the receipt of a request, or nil if none of the projected commits is the
// request's.
func (m *Model) Receipt(subject string, requestID []byte) (receipt *handover.Receipt, err error) {
	err = m.View(func(tx *bbolt.Tx) error {
		receipt, err = ReceiptIn(tx, subject, requestID)
		return err
	})
	return receipt, err
}

// ReceiptIn is Receipt as a transaction sees it.
func ReceiptIn(tx *bbolt.Tx, subject string, requestID []byte) (*handover.Receipt, error) {
	stored := tx.Bucket(receiptsBucket).Get(receiptKey(subject, requestID))
	if stored == nil {
		return nil, nil
	}
	found := &handover.Receipt{Commit: &eventv1.Commit{}, Position: KeyPosition(stored[:8])}
	return found, proto.Unmarshal(stored[8:], found.Commit)
}
