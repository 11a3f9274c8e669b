package sealing

import (
	"context"
	"os"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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
		if held, err := s.of(conversation); err != nil || held.Changed.Add(keptFor).After(s.now()) {
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

// over reports whether the line has ceased to be a party to a conversation.
func (s *System) over(ctx context.Context, conversation string) (bool, error) {
	c, err := s.look(ctx, conversation)
	if code := status.Code(err); code == codes.NotFound || code == codes.PermissionDenied {
		return true, nil
	}
	return err == nil && c.Custody.GetLine() == "", err
}

func (s *System) erase(conversation string) error {
	path, err := s.store.contentFile(conversation)
	if err != nil {
		return err
	}
	return s.store.locked(path, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.contents, conversation)
		return os.Remove(path)
	})
}
