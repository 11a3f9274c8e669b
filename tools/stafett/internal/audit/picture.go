package audit

import (
	"bytes"
	"os"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/i18n"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/stafett/internal/audit/picture"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type drawn struct {
	language i18n.Language
	into     string
}

func (d *drawn) flags(command *cobra.Command) {
	d.language = i18n.English
	command.Flags().Var(&d.language, "language", "`language` of the labels: nb, da or en")
	command.Flags().StringVar(&d.into, "into", "", "`file` to write to; default: standard output")
}

// write writes a complete picture, or nothing.
func (d *drawn) write(command *cobra.Command, svg []byte) error {
	if d.into == "" {
		_, err := command.OutOrStdout().Write(svg)
		return err
	}
	return os.WriteFile(d.into, svg, 0o600)
}

type picturing struct {
	reader.Reader
	drawn
}

func pictureCommand() *cobra.Command {
	p := picturing{}
	command := &cobra.Command{
		Use:   "picture CONVERSATION",
		Short: "Draw one conversation as a timeline",
		Long: `Draws an SVG with lanes for the child and the lines, custody as a band, the offers, and
the time all three spent together. It is readable in print and in black and white, and
has no message content.`,
		Example: "  stafett audit picture conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918 --language nb --into picture.svg --purpose quality",
		Args:    cli.Exactly(1),
		RunE:    p.run,
	}
	p.Reader.Flags(command)
	p.drawn.flags(command)
	return command
}

func (p *picturing) run(command *cobra.Command, args []string) error {
	zone, err := p.Location()
	if err != nil {
		return err
	}
	commits, err := p.whole(command, args[0])
	if err != nil {
		return err
	}
	var svg bytes.Buffer
	if err := picture.Conversation(&svg, commits, p.language, zone); err != nil {
		return err
	}
	return p.write(command, svg.Bytes())
}

// whole reads a complete conversation.
func (p *picturing) whole(command *cobra.Command, name string) ([]*auditv1.StoredCommit, error) {
	purpose, err := p.Stated()
	if err != nil {
		return nil, err
	}
	platform, err := p.Connect()
	if err != nil {
		return nil, err
	}
	defer platform.Close()
	return replay.All(command.Context(), platform.Audit, &auditv1.ReplayCommitsRequest{Conversation: reader.ConversationName(name), Purpose: purpose})
}
