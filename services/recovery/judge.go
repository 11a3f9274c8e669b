package recovery

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/rawlog"
)

// most is how many commits that are left out the event lists; its commit has a size limit.
const most = 400

// kept is a commit that the new log will have.
type kept struct {
	verify.Message
	hash [32]byte // of the payload
}

// head is the newest commit of a subject that was kept.
type head struct {
	number uint32
	hash   [32]byte
}

// judge reads the log and decides of each commit whether it can be kept.
func (r *Recovery) judge(ctx context.Context) error {
	stream := rawlog.New(r.server.nc, eventlog.Name)
	last, err := stream.Last(ctx)
	if err != nil {
		return fmt.Errorf("the log cannot be read; restore it from a copy: %w", err)
	}
	r.Event.LastPosition = uint64(last)
	heads := map[string]head{}
	for position := int64(1); position <= last; position++ {
		err := stream.Read(ctx, position, last, func(at int64, m verify.Message) error {
			r.commit(uint64(at), m, heads)
			position = at + 1
			return nil
		})
		if errors.Is(err, rawlog.ErrNotFound) {
			r.leaveOut(uint64(position), eventv1.LeftOutReason_LEFT_OUT_REASON_LOST, r.signed.subjects[uint64(position)], nil)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// commit keeps a commit that a service wrote and that continues its subject.
func (r *Recovery) commit(position uint64, m verify.Message, heads map[string]head) {
	leaf := m.Leaf()
	headers, err := nats.DecodeHeadersMsg(m.Header)
	var entry eventlog.Entry
	if err == nil {
		entry, err = eventlog.Genuine(r.keyring, position, &nats.Msg{Subject: m.Subject, Header: headers, Data: m.Payload})
	}
	before := heads[m.Subject]
	switch {
	case err != nil:
		r.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_FOREIGN, m.Subject, leaf[:])
	case entry.Commit.Number != before.number+1 || before.number > 0 && !bytes.Equal(entry.Commit.PreviousHash, before.hash[:]):
		r.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_UNFOUNDED, m.Subject, leaf[:])
	default:
		heads[m.Subject] = head{entry.Commit.Number, entry.Hash}
		r.keep(entry, m)
		if r.Event.LeftOutCount == 0 {
			r.leaves.Append(leaf)
			r.check()
		}
	}
}

func (r *Recovery) keep(entry eventlog.Entry, m verify.Message) {
	r.Kept, r.KeptTime = r.Kept+1, entry.Commit.RecordTime.AsTime()
	r.kept = append(r.kept, kept{m, entry.Hash})
}

// check compares the root with those that were signed for the same size.
func (r *Recovery) check() {
	root := r.leaves.Root()
	r.Event.SameUntil, r.Event.SameRoot = uint64(r.leaves.Size()), root[:]
	for _, c := range r.signed.checkpoints {
		if c.Size == r.leaves.Size() && c.Root != root {
			r.Contradicted = append(r.Contradicted, fmt.Sprintf("up to position %d it has another root than was signed", c.Size))
		}
	}
}

func (r *Recovery) leaveOut(position uint64, reason eventv1.LeftOutReason, subject string, leaf []byte) {
	if r.Event.LeftOutCount++; len(r.Event.LeftOut) < most {
		r.Event.LeftOut = append(r.Event.LeftOut, &eventv1.LeftOut{Position: position, Reason: reason, Subject: subject, LeafHash: leaf})
	}
}

// addLost adds what was signed, or read by audit, after the end of the log.
func (r *Recovery) addLost() {
	last := r.Event.LastPosition
	for _, c := range r.signed.checkpoints {
		if uint64(c.Size) > last {
			r.Contradicted = append(r.Contradicted, fmt.Sprintf("it ends at position %d, and was signed up to %d", last, c.Size))
		}
	}
	read := r.signed.read()
	if read > last {
		r.Contradicted = append(r.Contradicted, fmt.Sprintf("it ends at position %d, and audit had read it up to %d", last, read))
	}
	for position := last + 1; position <= max(read, uint64(r.signed.size())); position++ {
		r.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_LOST, r.signed.subjects[position], nil)
	}
}
