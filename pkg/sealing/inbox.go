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

// read checks and reads what came earlier and now. What must wait is kept before read returns. A message that
// came earlier stays until the next time: a program that crashes before it has handled it gets it again.
func (s *System) read(ctx context.Context, conversation string, came inbox) ([]Words, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	held, err := s.of(conversation)
	if err != nil {
		return nil, err
	}
	late := inbox{held.Unchecked, without(held.Unread, s.returned[conversation])}
	checked, failedLate := s.learnAll(ctx, conversation, late.grants)
	learned, failedNow := s.learnAll(ctx, conversation, came.grants)
	opened, before := s.openAll(conversation, late.messages)
	read, now := s.openAll(conversation, came.messages)

	done := inbox{checked, slices.Concat(s.returned[conversation], before.failed)}
	wait := inbox{without(came.grants, learned), without(came.messages, slices.Concat(read, now.failed))}
	if err := s.remember(conversation, done, wait); err != nil {
		return nil, err
	}
	s.returned[conversation] = opened
	return slices.Concat(before.words, now.words), errors.Join(failedLate, failedNow, before.err, now.err)
}

// learnAll takes grants, and returns those that need not be checked again.
func (s *System) learnAll(ctx context.Context, conversation string, grants []*sealv1.Grant) (done []*sealv1.Grant, failed error) {
	for _, grant := range grants {
		err := s.learn(ctx, conversation, grant)
		if err == nil || never(err) {
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
		case never(err):
			r.failed, r.err = append(r.failed, m), errors.Join(r.err, err)
		}
	}
	return opened, r
}

// never reports whether an error will stay.
func never(err error) bool {
	return slices.ContainsFunc([]error{ErrAltered, seal.ErrGrant, seal.ErrKey, seal.ErrOpen, seal.ErrNotSealed},
		func(stays error) bool { return errors.Is(err, stays) })
}

// remember drops what is done, and keeps what must wait.
func (s *System) remember(conversation string, done, wait inbox) error {
	if len(done.grants)+len(done.messages)+len(wait.grants)+len(wait.messages) == 0 {
		return nil
	}
	return s.keep(conversation, func(c *seal.Contents) {
		c.Unchecked = append(without(c.Unchecked, done.grants), wait.grants...)
		c.Unread = append(without(c.Unread, done.messages), wait.messages...)
	})
}

// without returns those that are not among others.
func without[M proto.Message](all, others []M) []M {
	return slices.DeleteFunc(slices.Clone(all), func(m M) bool {
		return slices.ContainsFunc(others, func(o M) bool { return proto.Equal(m, o) })
	})
}
