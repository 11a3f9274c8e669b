package fill

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/signing"
)

// atOnce is how many conversations are made before they are published. The server queues at
// most 100,000 messages.
const atOnce = 2000

// copier makes copies for the end of a log.
type copier struct {
	whole, short, open []*template
	keys               map[string]*signing.Key
	last               uint64                // position
	lines              map[string]*lineChain // by subject
	ready              []*made
}

// lineChain is the end of a line's subject.
type lineChain struct {
	position uint64
	number   uint32
	hash     [sha256.Size]byte
	reserved string // the offer with the newest reserved seat
}

// made is a copy that still needs its signature, for a position.
type made struct {
	position uint64
	expected uint64 // the last position of the subject
	service  string
	headers  map[string]string
	message  *nats.Msg
}

func newCopier(ctx context.Context, l *log, of Sample, keys string) (c *copier, err error) {
	stored, err := l.stored(ctx)
	if err != nil {
		return nil, err
	}
	c = &copier{last: uint64(len(stored)), lines: map[string]*lineChain{}}
	if c.keys, err = keysIn(keys); err != nil {
		return nil, err
	}
	for i, m := range stored {
		if err := c.endOf(uint64(i+1), m); err != nil {
			return nil, err
		}
	}
	for name, to := range map[string]*[]*template{of.Whole: &c.whole, of.Short: &c.short, of.Open: &c.open} {
		if *to, err = templates(stored, idOf(name)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// endOf notes the newest commit of a line.
func (c *copier) endOf(position uint64, m verify.Message) error {
	commit := &eventv1.Commit{}
	err := proto.Unmarshal(m.Payload, commit)
	chain := c.lines[m.Subject]
	if chain == nil {
		chain = &lineChain{}
		c.lines[m.Subject] = chain
	}
	chain.reserve(commit)
	chain.position, chain.number, chain.hash = position, commit.Number, sha256.Sum256(m.Payload)
	return err
}

// reserve has a commit that reserves a seat end the reservation before it, as routing does.
func (l *lineChain) reserve(commit *eventv1.Commit) {
	for _, e := range commit.Events {
		leased := e.GetSeatLeased()
		if leased == nil {
			continue
		}
		if leased.Ended = nil; l.reserved != "" {
			leased.Ended = []string{l.reserved}
		}
		l.reserved = leased.Offer
	}
}

// templates are the commits of a conversation, and those of lines because of it: the seat that
// was set aside, and the report that the seat was there.
func templates(stored []verify.Message, conversation string) (all []*template, err error) {
	reports := map[string]*template{} // the newest, by the line's subject
	for _, m := range stored {
		t, err := newTemplate(m, conversation)
		if err != nil {
			return nil, err
		}
		if t.command == "ReportCapacity" {
			reports[t.subject] = t
		}
		if len(t.conversation) == 0 {
			continue
		}
		if report := reports[t.subject]; report != nil {
			all = append(all, report)
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the log has no conversation %s to copy", conversation)
	}
	return all, nil
}

// copies makes the conversations between two numbers, of count in all.
func (c *copier) copies(from, to, count int) error {
	c.ready = c.ready[:0]
	for i := from; i < to; i++ {
		of := c.short
		switch {
		case i >= count-LeftOpen:
			of = c.open
		case i%wholeEvery == 0:
			of = c.whole
		}
		if err := c.conversation(of, time.Duration(i+1)*Apart); err != nil {
			return err
		}
	}
	return c.sign()
}

func (c *copier) conversation(of []*template, later time.Duration) (err error) {
	id := strings.ReplaceAll(uuid.NewString(), "-", "")
	own := &lineChain{}
	for _, t := range of {
		subject, chain := eventlog.ConversationSubject(id), own
		if t.ofLine {
			subject, chain = t.subject, c.lines[t.subject]
		}
		commit := uuid.NewString()
		payload := t.copied(id, commit, chain.hash[:], later)
		if t.ofLine {
			if payload, err = chained(payload, chain); err != nil {
				return err
			}
		}
		c.last++
		c.ready = append(c.ready, &made{
			position: c.last, expected: chain.position, service: t.service, headers: t.headersOf(subject, commit, later),
			message: &nats.Msg{Subject: subject, Data: payload},
		})
		chain.position, chain.number, chain.hash = c.last, chain.number+1, sha256.Sum256(payload)
	}
	return nil
}

// chained gives a line's commit its number, whose length varies.
func chained(payload []byte, chain *lineChain) ([]byte, error) {
	commit := &eventv1.Commit{}
	if err := proto.Unmarshal(payload, commit); err != nil {
		return nil, err
	}
	commit.Number, commit.PreviousHash = chain.number+1, chain.hash[:]
	chain.reserve(commit)
	return proto.Marshal(commit)
}

// sign signs what is ready, on all processors.
func (c *copier) sign() error {
	var group errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() error {
			for i := worker; i < len(c.ready); i += workers {
				c.ready[i].sign(c.keys[c.ready[i].service])
			}
			return nil
		})
	}
	return group.Wait()
}

// sign completes the message with the headers of a conditional commit.
func (m *made) sign(key *signing.Key) {
	m.message.Header = nats.Header{
		verify.SignatureHeader:                {key.Sign(m.message.Subject, m.message.Data)},
		"Nats-Msg-Id":                         {m.headers["ce-id"]},
		"Nats-Expected-Stream":                {eventlog.Name},
		"Nats-Expected-Last-Subject-Sequence": {strconv.FormatUint(m.expected, 10)},
	}
	for name, value := range m.headers {
		m.message.Header[name] = []string{value}
	}
}

// idOf is the id in a conversation's name.
func idOf(name string) string { return strings.TrimPrefix(name, "conversations/") }
