package play

import "context"

// spawn runs a stream beside the story. Its error fails the story, unless the story is
// over.
func (p *player) spawn(ctx context.Context, run func() error) {
	p.streams.Go(func() {
		if err := run(); err != nil && ctx.Err() == nil {
			p.board.fail(err)
		}
	})
}
