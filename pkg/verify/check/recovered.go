package check

import (
	"bytes"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// logSubject is the subject of commits about the log as a whole.
const logSubject = "stafett.log"

// Recovered says that the history was opened in place of an earlier log, to which it commits.
type Recovered struct {
	// Position of the commit that says so.
	Position int64 `json:"position"`
	// LogKey is the earlier log's, and Signed the largest size that it is known to have signed.
	LogKey string `json:"log_key,omitempty"`
	Signed uint64 `json:"signed,omitempty"`
	// SameUntil is the last position up to which both have the same commits, and Root the root
	// over them.
	SameUntil int64  `json:"same_until"`
	Root      string `json:"root,omitempty"`
	// LeftOut is the number of the earlier log's commits that are not in this one.
	LeftOut uint64 `json:"left_out"`

	event *eventv1.LogRecovered
}

// recovery reads a commit about the log.
func (b *bundle) recovery(position int64, m verify.Message) {
	commit := &eventv1.Commit{}
	if err := proto.Unmarshal(m.Payload, commit); err != nil || len(commit.Events) != 1 || commit.Events[0].GetLogRecovered() == nil {
		b.find(position, "it does not say how the log was recovered, as everything on its subject must")
		return
	}
	e := commit.Events[0].GetLogRecovered()
	r := Recovered{Position: position, LogKey: e.LogKey, Signed: e.Checkpoint.GetSize(), SameUntil: int64(e.SameUntil), LeftOut: e.LeftOutCount, event: e}
	if len(e.SameRoot) == tlog.HashSize {
		r.Root = tlog.Hash(e.SameRoot).String()
	}
	b.recovered = append(b.recovered, r)
}

// checkRecovered compares what a recovery says of the commits before it with them, and with what
// the earlier log had signed.
func (r *run) checkRecovered(b *bundle) {
	for _, one := range b.recovered {
		r.report.Recovered = append(r.report.Recovered, one)
		if one.SameUntil == one.Position-1 {
			tree := r.tree.Clone()
			appendLeaves(tree, b.leaves[:(one.Position-b.first)*tlog.HashSize])
			if root := tree.Root(); !bytes.Equal(root[:], one.event.SameRoot) {
				r.report.find(one.Position, fmt.Sprintf("the %d commits before it are not those of the earlier log", one.SameUntil))
			}
		}
		if one.event.Checkpoint != nil && !signedBy(one.LogKey, one.event.Checkpoint) {
			r.report.find(one.Position, "the earlier log did not sign the checkpoint that it names")
		}
	}
}

// signedBy reports whether a log signed a checkpoint.
func signedBy(key string, c *eventv1.SignedCheckpoint) bool {
	log, err := verify.ParseLog(key)
	if err != nil || len(c.Root) != tlog.HashSize {
		return false
	}
	text := verify.Checkpoint{Origin: log.Name(), Size: int64(c.Size), Root: tlog.Hash(c.Root)}.Text()
	return log.Verify([]byte(text), c.Signature)
}
