package play

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/timeline"
)

// playing says how stories are played.
type playing struct {
	target   cli.Target    // a platform that runs; none: start one
	keep     string        // where the platform that is started keeps its data
	clock    string        // story, real or skip
	pause    time.Duration // after each step
	timeline bool          // print the history afterwards
}

func Command() *cobra.Command {
	p := playing{}
	command := &cobra.Command{
		Use:   "play STORY...",
		Short: "Play stories through the API, then check the history",
		Long: `Plays a story, from a YAML file or built in, through the public API. Then it replays the
log and checks the protocol's invariants and the story's expectations. Without --data or
--identity it starts its own platform in a temporary folder.

Built-in stories:
` + shippedStories() + `
The clock is "story" (simulated: hours pass at once), "real" (waits as long as the story
says) or "skip" (real time, without waiting between steps).`,
		Example: "  stafett play violence\n  stafett play ./my-story.yaml --clock real\n  stafett play violence --data ./stafett-data --clock skip",
		Args:    cli.AtLeast(1),
		RunE: func(command *cobra.Command, names []string) error {
			return p.all(command.Context(), command.OutOrStdout(), names)
		},
	}
	flags := command.Flags()
	p.target.Flags(flags, "")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	flags.StringVar(&p.keep, "keep", "", "data `folder` of the platform that is started; default: a temporary one")
	flags.StringVar(&p.clock, "clock", "", "story, real or skip; default: story, or real on a running platform")
	flags.DurationVar(&p.pause, "pause", 0, "how long to pause after each step")
	flags.BoolVar(&p.timeline, "timeline", false, "show the history afterwards")
	return command
}

func shippedStories() string {
	var b strings.Builder
	for _, info := range story.Shipped() {
		fmt.Fprintf(&b, "  %-16s %s\n", info.Name, info.Title)
	}
	return b.String()
}

// all plays the stories one after the other. All are read before the first is
// played.
func (p playing) all(ctx context.Context, out io.Writer, names []string) error {
	var stories []*story.Story
	for _, name := range names {
		s, err := story.Load(name)
		if err != nil {
			return cli.Usage(err)
		}
		stories = append(stories, s)
	}
	for _, s := range stories {
		if err := p.one(ctx, out, s); err != nil {
			return err
		}
	}
	return nil
}

// one plays a story and checks it.
func (p playing) one(ctx context.Context, out io.Writer, s *story.Story) error {
	world, err := p.world(ctx, s)
	if err != nil {
		return err
	}
	defer world.Close()
	on := newStage(out, s, p.pause)
	on.Open()
	played, err := play.Play(ctx, s, world, play.Options{Observer: on})
	if err != nil {
		return err
	}
	return p.check(ctx, out, s, world, played, on)
}

func (p playing) check(ctx context.Context, out io.Writer, s *story.Story, world *play.World, played *play.Played, on *stage) error {
	auditor, err := world.Connect("auditor", "auditor")
	if err != nil {
		return err
	}
	defer auditor.Close()
	report, err := check.Check(ctx, s, auditor.Audit, played.Conversation, played.Slack)
	if err != nil {
		return err
	}
	on.Close(report)
	if p.timeline {
		if err := timeline.Print(out, report.Commits, s.Zone); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	if report.Err() != nil {
		return fmt.Errorf("%s does not hold", s.File)
	}
	return nil
}

// world is the platform that a story is played on.
func (p playing) world(ctx context.Context, s *story.Story) (*play.World, error) {
	pace := map[string]play.Pace{"real": play.Real, "skip": play.Skip, "": play.Real}
	at, known := pace[p.clock]
	switch {
	case p.target.Given() && p.clock == "story":
		return nil, cli.Usagef("--clock story needs a simulated clock, which a running platform does not have; use real or skip, or leave out the platform")
	case !known && p.clock != "story":
		return nil, cli.Usagef("--clock %s: use story, real or skip", p.clock)
	case p.target.Given():
		addresses, identity, err := p.target.Find()
		if err != nil {
			return nil, err
		}
		return play.Remote(addresses, identity, at), nil
	case p.clock == "story" || p.clock == "":
		return play.Simulated(ctx, p.keep, s)
	}
	return play.Embedded(ctx, p.keep, s, at)
}
