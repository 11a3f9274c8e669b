package sealing

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
)

// keptFor is how long content keys stay after they changed last, once the conversation is over for the line: for
// a grant that comes late, and for a program that reads again after a crash.
const keptFor = 48 * time.Hour

// forget destroys the content keys of conversations that are over for the line, so that whoever steals its files
// later opens nothing of them.
func (s *System) forget(ctx context.Context) error {
	files, err := os.ReadDir(s.store.base + ".contents")
	if err != nil {
		return err
	}
	for _, file := range files {
		conversation := handover.ConversationName(file.Name())
		if needed, err := s.needed(conversation); err != nil || needed {
			continue // that of a lock, or still needed
		}
		if over, err := s.over(ctx, conversation); err != nil || !over {
			continue // asked again tomorrow
		}
		if err := s.erase(conversation); err != nil {
			return err
		}
	}
	return nil
}

// needed reports whether what the line keeps of a conversation has changed of late. It stays in memory only if it
// was there before.
func (s *System) needed(conversation string) (bool, error) {
	s.mu.Lock()
	_, before := s.contents[conversation]
	s.mu.Unlock()
	held, err := s.of(conversation)
	if err != nil {
		return false, err
	}
	if !before {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.contents, conversation)
	}
	return held.Changed.Add(keptFor).After(s.now()), nil
}

// over reports whether the line has ceased to be a party to a conversation.
func (s *System) over(ctx context.Context, conversation string) (bool, error) {
	c, err := s.look(ctx, conversation)
	if client.Reason(err) == "CONVERSATION_NOT_YOURS" {
		return true, nil
	}
	return err == nil && c.Custody.GetLine() == "", err
}

// erase destroys what the line keeps of a conversation, unless that has changed since it was found to be over.
func (s *System) erase(conversation string) error {
	path, err := s.store.contentFile(conversation)
	if err != nil {
		return err
	}
	return s.store.locked(path, func() error {
		if needed, err := s.needed(conversation); err != nil || needed {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.contents, conversation)
		return errors.Join(os.Remove(path), removeLeftovers(path))
	})
}
