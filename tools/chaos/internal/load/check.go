package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Found is what a check found.
type Found struct {
	Acknowledged int
	// Missing are the positions of acknowledged commands that the log does not have there.
	Missing []uint64
	// Different are answers that are not the first ones.
	Different []string
}

// repeated is how many of the newest acknowledged requests are repeated. Repeating counts
// towards what a line may open.
const repeated = 80

// Check reads the whole log and repeats requests. Stop the load first.
func (l *Load) Check(ctx context.Context) (Found, error) {
	stored, err := l.replay(ctx)
	if err != nil {
		return Found{}, fmt.Errorf("replay the log: %w", err)
	}
	found, kept := Found{Acknowledged: len(l.acknowledged)}, []opening(nil)
	for _, o := range l.acknowledged {
		if stored[o.recorded.Position] == o.recorded.Name {
			kept = append(kept, o)
		} else {
			found.Missing = append(found.Missing, o.recorded.Position)
		}
	}
	for position, name := range l.also {
		if found.Acknowledged++; stored[position] != name {
			found.Missing = append(found.Missing, position)
		}
	}
	for _, o := range append(kept[max(0, len(kept)-repeated):], l.open...) {
		if err := o.repeat(ctx, &found); err != nil {
			return found, err
		}
	}
	return found, nil
}

// Expect adds what somebody else was told: the log has a name at a position.
func (l *Load) Expect(position uint64, name string) { l.also[position] = name }

// repeat sends a request again; twice, if it had no answer yet.
func (o opening) repeat(ctx context.Context, found *Found) (err error) {
	want := o.recorded
	if want == nil {
		if want, err = o.send(ctx); err != nil {
			return err
		}
	}
	got, err := o.send(ctx)
	if err == nil && !proto.Equal(got, want) {
		found.Different = append(found.Different, fmt.Sprintf("request %s: %v, and before: %v", o.request.RequestId, got, want))
	}
	return err
}

// repeatWithin is how long a repeated request may take, limits included.
const repeatWithin = 20 * time.Second

func (o opening) send(ctx context.Context) (*handoverv1.Recorded, error) {
	ctx, cancel := context.WithTimeout(ctx, repeatWithin)
	defer cancel()
	answer, err := client.Send(ctx, o.line.Intake.OpenConversation, o.request)
	if err != nil {
		return nil, fmt.Errorf("repeat request %s: %w", o.request.RequestId, err)
	}
	return answer.Recorded, nil
}

// replay reads which conversation each position of the log is about.
func (l *Load) replay(ctx context.Context) (names map[uint64]string, err error) {
	err = client.Retry(ctx, func(ctx context.Context) error {
		names = map[uint64]string{}
		stream, err := l.auditor.Audit.ReplayCommits(ctx, &auditv1.ReplayCommitsRequest{
			Purpose: &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE},
		})
		for err == nil {
			var next *auditv1.ReplayCommitsResponse
			next, err = stream.Recv()
			for _, stored := range next.GetCommits() {
				names[stored.Position] = stored.Commit.Name
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	return names, err
}
