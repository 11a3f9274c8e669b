package intake

import (
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
)

var (
	// appendsBucket has each conversation's commits, by conversation and position.
	appendsBucket = []byte("appends")
	// blobsBucket has the commitments that the log knows, by conversation.
	blobsBucket = []byte("blobs")
)

// rest: what comes this soon after other commits may wait as long; its own commands know what
// they committed.
const rest = 5 * time.Millisecond

func definition(pending *conversations.Pending) projection.Definition {
	return projection.Definition{
		Version:   "intake/6",
		Receipts:  true,
		Rest:      rest,
		Buckets:   append([]string{conversations.Bucket, string(appendsBucket), string(blobsBucket)}, lines.Buckets...),
		Apply:     apply,
		Committed: pending.Forget,
	}
}

func apply(tx *bbolt.Tx, entry eventlog.Entry) error {
	if err := lines.Project(tx, entry); err != nil {
		return err
	}
	state, err := conversations.Apply(tx, entry)
	if err != nil || state == nil {
		return err
	}
	if err := foldBlobs(tx, entry); err != nil {
		return err
	}
	return tx.Bucket(appendsBucket).Put(projection.Key(entry.Conversation(), entry.Position), entry.Payload)
}

func foldBlobs(tx *bbolt.Tx, entry eventlog.Entry) error {
	for _, e := range entry.Commit.Events {
		commitment := e.GetMessageSent().GetCommitment()
		if commitment == nil {
			commitment = e.GetPacketSealed().GetCommitment()
		}
		if commitment == nil {
			continue
		}
		if err := tx.Bucket(blobsBucket).Put(blobKey(entry.Conversation(), commitment), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

func blobKey(conversation string, commitment []byte) []byte {
	return append(projection.Prefix(conversation), commitment...)
}
