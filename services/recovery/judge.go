package recovery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/rawlog"
)

// most is how many commits that are left out the event lists; its commit has a size limit.
const most = 400

// earlier is a log as it was found: the history, or the access log.
type earlier struct {
	stream  *rawlog.Stream
	genuine func(*signing.Keyring, uint64, *nats.Msg) (eventlog.Entry, error)
	keyring *signing.Keyring
	signed  signed

	last     uint64 // position
	kept     []kept
	keptTime time.Time // when the last of them was recorded
	// same is the tree over what was stored, until the first difference.
	same    verify.Frontier
	leftOut []*eventv1.LeftOut // the first ones
	missing uint64             // how many are left out
	// contradicted are the checkpoints that it does not fit, in words.
	contradicted []string
}

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

func (e *earlier) damaged() bool { return e.missing > 0 || len(e.contradicted) > 0 }

// judge reads the log and decides of each commit whether it can be kept.
func (e *earlier) judge(ctx context.Context) error {
	last, err := e.stream.Last(ctx)
	if err != nil {
		return fmt.Errorf("the log cannot be read; restore it from a copy: %w", err)
	}
	e.last = uint64(last)
	heads := map[string]head{}
	for position := int64(1); position <= last; position++ {
		err := e.stream.Read(ctx, position, last, func(at int64, m verify.Message) error {
			e.commit(uint64(at), m, heads)
			position = at + 1
			return nil
		})
		if errors.Is(err, rawlog.ErrNotFound) {
			e.leaveOut(uint64(position), eventv1.LeftOutReason_LEFT_OUT_REASON_LOST, e.signed.subjects[uint64(position)], nil)
		} else if err != nil {
			return err
		}
	}
	e.addLost()
	e.separate()
	return nil
}

// commit keeps a commit that a service wrote and that continues its subject.
func (e *earlier) commit(position uint64, m verify.Message, heads map[string]head) {
	leaf := m.Leaf()
	headers, err := nats.DecodeHeadersMsg(m.Header)
	var entry eventlog.Entry
	if err == nil {
		entry, err = e.genuine(e.keyring, position, &nats.Msg{Subject: m.Subject, Header: headers, Data: m.Payload})
	}
	before := heads[m.Subject]
	switch {
	case err != nil:
		e.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_FOREIGN, m.Subject, leaf[:])
	case entry.Commit.Number != before.number+1 || before.number > 0 && !bytes.Equal(entry.Commit.PreviousHash, before.hash[:]):
		e.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_UNFOUNDED, m.Subject, leaf[:])
	default:
		heads[m.Subject] = head{entry.Commit.Number, entry.Hash}
		e.keptTime = entry.Commit.RecordTime.AsTime()
		e.kept = append(e.kept, kept{m, entry.Hash})
		if e.missing == 0 {
			e.same.Append(leaf)
			e.check()
		}
	}
}

// sameRoot is the root of what is the same; nil for none.
func (e *earlier) sameRoot() []byte {
	if e.same.Size() == 0 {
		return nil
	}
	root := e.same.Root()
	return root[:]
}

// check compares the root with those that were signed for the same size.
func (e *earlier) check() {
	root := e.same.Root()
	for _, c := range e.signed.checkpoints {
		if c.Size == e.same.Size() && c.Root != root {
			e.contradicted = append(e.contradicted, fmt.Sprintf("up to position %d it has another root than was signed", c.Size))
		}
	}
}

func (e *earlier) leaveOut(position uint64, reason eventv1.LeftOutReason, subject string, leaf []byte) {
	if e.missing++; len(e.leftOut) < most {
		e.leftOut = append(e.leftOut, &eventv1.LeftOut{Position: position, Reason: reason, Subject: subject, LeafHash: leaf})
	}
}

// addLost adds what was signed, or read by audit, after the end of the log.
func (e *earlier) addLost() {
	for _, c := range e.signed.checkpoints {
		if uint64(c.Size) > e.last {
			e.contradicted = append(e.contradicted, fmt.Sprintf("it ends at position %d, and was signed up to %d", e.last, c.Size))
		}
	}
	read := e.signed.read()
	if read > e.last {
		e.contradicted = append(e.contradicted, fmt.Sprintf("it ends at position %d, and audit had read it up to %d", e.last, read))
	}
	for position := e.last + 1; position <= max(read, uint64(e.signed.size())); position++ {
		e.leaveOut(position, eventv1.LeftOutReason_LEFT_OUT_REASON_LOST, e.signed.subjects[position], nil)
	}
}
