package sealing

import (
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// inbox is what came and has not been checked or read.
type inbox struct {
	grants   []*sealv1.Grant
	messages []*sealv1.UnreadMessage
}

// read checks and reads what came earlier and now. What must wait is kept before read returns.
func (s *System) read(ctx context.Context, conversation string, came inbox) ([]Words, error) {
	held, err := s.of(conversation)
	if err != nil {
		return nil, err
	}
	checked, failedLate := s.learnAll(ctx, conversation, held.Unchecked)
	learned, failedNow := s.learnAll(ctx, conversation, without(came.grants, held.Unchecked))
	checked = slices.Concat(checked, learned)
	came.grants = without(came.grants, checked)
	words, err := s.openKept(conversation, came, checked)
	return words, errors.Join(failedLate, failedNow, err)
}

// openKept opens what can be opened of the messages that came earlier and now. A message that came earlier stays
// until the next time: a program that crashes before it has handled it gets it again.
func (s *System) openKept(conversation string, came inbox, checked []*sealv1.Grant) ([]Words, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	held, err := s.of(conversation)
	if err != nil {
		return nil, err
	}
	late := without(held.Unread, s.returned[conversation])
	came.messages = without(came.messages, late)
	opened, before := s.openAll(conversation, late)
	read, now := s.openAll(conversation, came.messages)

	done := inbox{checked, slices.Concat(s.returned[conversation], before.failed)}
	came.messages = without(came.messages, slices.Concat(read, now.failed))
	if err := s.remember(conversation, done, came); err != nil {
		return nil, err
	}
	s.returned[conversation] = opened
	return slices.Concat(before.words, now.words), errors.Join(before.err, now.err)
}

// learnAll takes grants, and returns those that need not be checked again. It does not wait long for the platform:
// words that can be read must not wait for a grant that cannot be checked now.
func (s *System) learnAll(ctx context.Context, conversation string, grants []*sealv1.Grant) (done []*sealv1.Grant, failed error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, grant := range grants {
		err := s.learn(ctx, conversation, grant)
		if err == nil || Never(err) {
			done, failed = append(done, grant), errors.Join(failed, err)
		}
	}
	return done, failed
}

// result is what became of messages.
type result struct {
	words  []Words
	failed []*sealv1.UnreadMessage // those that will never open
	err    error
}

// openAll opens messages, and returns those that it opened.
func (s *System) openAll(conversation string, messages []*sealv1.UnreadMessage) (opened []*sealv1.UnreadMessage, r result) {
	for _, m := range messages {
		words, err := s.openMessage(conversation, m)
		switch {
		case err == nil:
			opened, r.words = append(opened, m), append(r.words, words)
		case Never(err):
			r.failed, r.err = append(r.failed, m), errors.Join(r.err, err)
		}
	}
	return opened, r
}

// Never reports whether an error says that something will never be read.
func Never(err error) bool {
	return slices.ContainsFunc([]error{ErrAltered, seal.ErrGrant, seal.ErrKey, seal.ErrOpen, seal.ErrNotSealed},
		func(stays error) bool { return errors.Is(err, stays) })
}

// remember drops what is done, and keeps what must wait, once.
func (s *System) remember(conversation string, done, wait inbox) error {
	if len(done.grants)+len(done.messages)+len(wait.grants)+len(wait.messages) == 0 {
		return nil
	}
	return s.keep(conversation, func(c *seal.Contents) {
		c.Unchecked = append(without(c.Unchecked, slices.Concat(done.grants, wait.grants)), wait.grants...)
		c.Unread = append(without(c.Unread, slices.Concat(done.messages, wait.messages)), wait.messages...)
	})
}

// without returns those that are not among others.
func without[M proto.Message](all, others []M) []M {
	return slices.DeleteFunc(slices.Clone(all), func(m M) bool {
		return slices.ContainsFunc(others, func(o M) bool { return proto.Equal(m, o) })
	})
}
