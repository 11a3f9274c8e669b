package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/connect"
	"github.com/stafett/stafett/tools/internal/linesview"
	"github.com/stafett/stafett/tools/internal/wording"
)

// answerWithin is how long the platform may take to answer about lines.
const answerWithin = 10 * time.Second

func linesCommand(clock clockwork.Clock) *cobra.Command {
	return group("lines", "Look at the directory of lines, and change it",
		linesCheckCommand(clock), linesApplyCommand(clock), linesListCommand(clock), linesShowCommand(clock),
		linesExportCommand(clock), linesCloseCommand(clock), linesReopenCommand(clock), linesDoorCommand(clock))
}

// group is a command that only has others.
func group(name, short string, commands ...*cobra.Command) *cobra.Command {
	command := &cobra.Command{Use: name, Short: short}
	command.Args = func(command *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Errorf("there is no command %q; see %q", args[0], command.CommandPath()+" --help")}
		}
		return nil
	}
	command.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
	command.AddCommand(commands...)
	return command
}

// caller is who asks a platform, at which time, and reads the answer in which language.
type caller struct {
	target connect.Target
	line   string // empty: the operator
	lang   wording.Language
	clock  clockwork.Clock
}

// asOperator adds the flags that name a platform to a command.
func asOperator(command *cobra.Command, clock clockwork.Clock) *caller {
	c := &caller{clock: clock, lang: "en"}
	c.target.Flags(command.Flags(), "stafett-data")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	return c
}

// asLine is for commands that a line may use as well, and that speak of lines.
func asLine(command *cobra.Command, clock clockwork.Clock) *caller {
	c := asOperator(command, clock)
	command.Flags().StringVar(&c.line, "as", "", "the `line` that asks, with its own certificate; the operator if not given")
	command.Flags().Var(&c.lang, "lang", "nb, da or en")
	return c
}

// ask connects, and gives what is asked a time to be answered in.
func (c *caller) ask(ctx context.Context, what func(context.Context, *client.Platform) error) error {
	kind, name := "operator", "operator"
	if c.line != "" {
		kind, name = "line", lineID(c.line)
	}
	if err := c.certified(kind, name); err != nil {
		return err
	}
	connected, err := c.target.As(kind, name)
	if err != nil {
		return err
	}
	defer connected.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return what(ctx, connected)
}

// certified refuses who has no certificate, before four services are dialled without one.
func (c *caller) certified(kind, name string) error {
	_, identity, err := c.target.Find()
	if err != nil {
		return err
	}
	_, err = os.Stat(platform.Credentials(identity, kind, name).Cert)
	if errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("%s has no certificate of %s %s; make one with \"stafett certify\", or ask as somebody else", identity, kind, name)}
	}
	return err
}

func (c *caller) view() linesview.View { return linesview.View{Lang: c.lang, Now: c.clock.Now()} }

// lineName and lineID take either.
func lineName(text string) string { return "lines/" + lineID(text) }

func lineID(text string) string { return strings.TrimPrefix(text, "lines/") }

// state is a line and what is known of it now, at a position of the log or later.
func state(ctx context.Context, p *client.Platform, name string, position uint64) (linesview.State, error) {
	line, err := p.Routing.GetLine(ctx, &routingv1.GetLineRequest{Name: name, MinPosition: position})
	if err != nil {
		return linesview.State{}, err
	}
	now, err := p.Directory.GetAvailability(ctx, &routingv1.GetAvailabilityRequest{Line: name, MinPosition: position})
	return linesview.State{Line: line, Now: now}, err
}

// allLines are the lines of the directory, by name.
func allLines(ctx context.Context, p *client.Platform) (all []*handoverv1.Line, err error) {
	request := &routingv1.ListLinesRequest{}
	for {
		page, err := p.Routing.ListLines(ctx, request)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Lines...)
		if request.PageToken = page.NextPageToken; request.PageToken == "" {
			return all, nil
		}
	}
}
