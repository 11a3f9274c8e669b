package faults

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/chaos/internal/system"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// flooding is a line that takes no part in the story, and callers how many calls it has open.
const (
	flooding = "barnevernvakten-oslo"
	callers  = 32
)

// flood opens conversations as one line, as fast as it can, while two others hand one over.
func flood(ctx context.Context, t *Trial) error {
	s, err := system.Together(t.Programs, t.Folder)
	if err != nil {
		return err
	}
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	limited, err := floodAs(ctx, s, flooding)
	if err != nil {
		return err
	}
	over := time.Now()
	if err := t.served(ctx, over); err != nil {
		return err
	}
	if err := t.handsOver(ctx); err != nil {
		return err
	}
	t.Result.Noticed = limited.Load() > 0
	return t.check(ctx)
}

// floodAs calls until the context ends, and counts how often the platform said that it is
// too often.
func floodAs(ctx context.Context, s *system.System, line string) (*atomic.Int64, error) {
	caller, err := client.Connect(s.Addresses, platform.Credentials(s.Identity, "line", line))
	if err != nil {
		return nil, err
	}
	limited, group := &atomic.Int64{}, errgroup.Group{}
	for range callers {
		group.Go(func() error {
			for ctx.Err() == nil {
				if _, err := caller.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{
					RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
				}); client.Reason(err) == "RATE_LIMITED" {
					limited.Add(1)
				}
			}
			return nil
		})
	}
	context.AfterFunc(ctx, func() { group.Wait(); caller.Close() })
	return limited, nil
}

// handsOver plays a story, whose answers must be in the log too.
func (t *Trial) handsOver(ctx context.Context) error {
	s, err := story.Load("violence")
	if err != nil {
		return err
	}
	played, err := play.Play(ctx, s, play.Remote(t.system.Addresses, t.system.Identity, play.Skip), play.Options{})
	if err != nil {
		return fmt.Errorf("the handover does not come to its end: %w", err)
	}
	for _, answer := range played.Acknowledged {
		t.load.Expect(answer.Position, answer.Name)
	}
	return nil
}
