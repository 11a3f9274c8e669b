package intake

import (
	"slices"
	"time"

	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
)

// blobsBucket has the commitments and hashes of grants that the log knows, by conversation, and which of the
// two each is.
var (
	blobsBucket = []byte("blobs")
	aBlob       = []byte("blob")
	aGrant      = []byte("grant")
)

// rest: what comes this soon after other commits may wait as long; its own commands know what
// they committed.
const rest = 5 * time.Millisecond

// Definition defines the service's projection.
func Definition() projection.Definition {
	return projection.Definition{
		Version:  "intake/13",
		Receipts: true,
		Rest:     rest,
		Buckets:  slices.Concat(conversations.Buckets, []string{string(blobsBucket)}, lines.Buckets),
		Apply:    apply,
	}
}

func apply(tx *projection.Tx, entry eventlog.Entry) error {
	if err := lines.Project(tx.Tx, entry); err != nil {
		return err
	}
	state, err := conversations.Apply(tx, entry)
	if err != nil || state == nil {
		return err
	}
	tx.Touch(entry.Conversation())
	return foldBlobs(tx, entry)
}

func foldBlobs(tx *projection.Tx, entry eventlog.Entry) error {
	for _, e := range entry.Commit.Events {
		commitment, kind := e.GetAccessGranted().GetHash(), aGrant
		if len(commitment) == 0 {
			commitment, kind = append(e.GetMessageSent().GetCommitment(), e.GetPacketSealed().GetCommitment()...), aBlob
		}
		if len(commitment) == 0 {
			continue
		}
		if err := tx.Bucket(blobsBucket).Put(blobKey(entry.Conversation(), commitment), kind); err != nil {
			return err
		}
	}
	return nil
}

func blobKey(conversation string, commitment []byte) []byte {
	return append(projection.Prefix(conversation), commitment...)
}
