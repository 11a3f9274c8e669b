package play

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/internal/story"
)

// requestID returns the request id of a step's command. It derives from the run and the
// step alone, in the form of a random UUID.
func (p *player) requestID(s *story.Step) string {
	return uuid.NewHash(sha256.New(), uuid.Nil, []byte(p.played.RunID+"\x00"+strconv.Itoa(s.Number)), 4).String()
}

// send sends the request of a step, and retries while the platform is unavailable.
func (p *player) send(ctx context.Context, s *story.Step, scene *Scene) error {
	ctx, cancel := p.patient(ctx)
	defer cancel()
	var call call
	err := client.Retry(ctx, func(ctx context.Context) (err error) {
		call, err = p.callOf(ctx, s) // sealing asks the platform for keys
		return err
	})
	if err != nil {
		return err
	}
	p.calls[s.Number] = call
	var response answer
	err = client.Retry(ctx, func(ctx context.Context) (err error) {
		response, err = call(ctx)
		return err
	})
	if err == nil {
		scene.Recorded, p.answered = response.GetRecorded(), response
	}
	return err
}

// patient returns a context that ends when the platform's time to answer is up.
func (p *player) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, p.world.patience)
}

// callOf prepares the request of a step, or returns the one that it repeats.
func (p *player) callOf(ctx context.Context, s *story.Step) (call, error) {
	if s.Does == story.Repeat {
		return p.calls[s.Again], nil
	}
	request, err := p.request(ctx, s)
	if err != nil {
		return nil, err
	}
	p.sent = request
	return sends(p.at(s), request), nil
}

// judge compares the answer with the step's expectation. An error without a reason does
// not count as an answer.
func judge(s *story.Step, err error, scene *Scene) error {
	reason := client.Reason(err)
	switch {
	case err == nil && s.Refused == "":
		return nil
	case err == nil:
		return fmt.Errorf("was carried out; expected it to be refused as %s", s.Refused)
	case reason == "":
		return err
	case s.Refused == "":
		return fmt.Errorf("was refused; expected it to be carried out: %w", err)
	case reason != s.Refused && former[reason] != s.Refused:
		return fmt.Errorf("expected it to be refused as %s, and not so: %w", s.Refused, err)
	}
	scene.Refused, scene.Message = reason, message(err)
	return nil
}

// acknowledged records an answer.
func (p *player) acknowledged(s *story.Step, scene *Scene) error {
	r := scene.Recorded
	ack := Acknowledgement{Step: s.Number, Name: r.Name, Position: r.Position, RecordTime: r.RecordTime.AsTime()}
	if err := p.sameAsBefore(s, ack); err != nil {
		return err
	}
	p.played.Acknowledged = append(p.played.Acknowledged, ack)
	return nil
}

// sameAsBefore refuses an answer to a repeated request that differs from the first answer.
func (p *player) sameAsBefore(s *story.Step, ack Acknowledgement) error {
	for _, before := range p.played.Acknowledged {
		if before.Step == s.Again && (before.Name != ack.Name || before.Position != ack.Position || !before.RecordTime.Equal(ack.RecordTime)) {
			return fmt.Errorf("the same request was answered with %s at position %d; expected the answer of step %d, %s at position %d",
				ack.Name, ack.Position, s.Again, before.Name, before.Position)
		}
	}
	return nil
}
