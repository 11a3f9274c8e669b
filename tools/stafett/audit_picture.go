package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/picture"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/internal/report"
)

// drawn says how a picture is made.
type drawn struct{ language, into string }

func (d *drawn) flags(command *cobra.Command) {
	command.Flags().StringVar(&d.language, "language", "en", "`language` of the labels: nb, da or en")
	command.Flags().StringVar(&d.into, "into", "", "`file` to write to; standard output if not given")
}

func (d *drawn) labels() (picture.Language, error) {
	language, err := picture.ParseLanguage(d.language)
	if err != nil {
		return "", usageError{fmt.Errorf("--language %w", err)}
	}
	return language, nil
}

// write writes a whole picture, or nothing.
func (d *drawn) write(command *cobra.Command, svg []byte) error {
	if d.into == "" {
		_, err := command.OutOrStdout().Write(svg)
		return err
	}
	return os.WriteFile(d.into, svg, 0o600)
}

func auditPictureCommand() *cobra.Command {
	r, d := reader{}, drawn{}
	command := &cobra.Command{
		Use:   "picture CONVERSATION",
		Short: "Draw one conversation as a timeline",
		Long: `Draws a conversation as an SVG: lanes for the child and the lines, custody as a band,
the offers and the time in which all three were together. It can be read in print and in
black and white, and has no content in it.`,
		Example: "  stafett audit picture conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918 --language nb --into picture.svg --purpose quality",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			language, err := d.labels()
			if err != nil {
				return err
			}
			zone, err := r.location()
			if err != nil {
				return err
			}
			appends, err := r.whole(command, args[0])
			if err != nil {
				return err
			}
			var svg bytes.Buffer
			if err := picture.Conversation(&svg, appends, language, zone); err != nil {
				return err
			}
			return d.write(command, svg.Bytes())
		},
	}
	r.flags(command)
	d.flags(command)
	return command
}

// whole reads a whole conversation.
func (r *reader) whole(command *cobra.Command, name string) ([]*auditv1.StoredAppend, error) {
	purpose, err := r.stated()
	if err != nil {
		return nil, err
	}
	platform, err := r.connect()
	if err != nil {
		return nil, err
	}
	defer platform.Close()
	return replay.All(command.Context(), platform.Audit, &auditv1.ReplayAppendsRequest{Conversation: conversationName(name), Purpose: purpose})
}

func auditEveningCommand() *cobra.Command {
	p, d := period{}, drawn{}
	command := &cobra.Command{
		Use:   "evening",
		Short: "Draw how many conversations were open, and who had custody, over a time",
		Long: `Draws a chart as an SVG: how many conversations were open at each instant, and of how
many each line had custody. Small counts are shown: it is for auditors, not to be published.`,
		Example: "  stafett audit evening --from \"2026-03-03 17:00\" --to \"2026-03-03 23:00\" --into evening.svg --purpose quality",
		Args:    arguments(cobra.NoArgs),
		RunE: func(command *cobra.Command, _ []string) error {
			language, err := d.labels()
			if err != nil {
				return err
			}
			from, to, err := p.times()
			if err != nil {
				return err
			}
			if from.IsZero() || to.IsZero() || !from.Before(to) {
				return usageError{errors.New("--from and --to: name two instants, the earlier first")}
			}
			return p.evening(command, &d, language, from, to)
		},
	}
	p.reader.flags(command)
	p.bounds(command)
	d.flags(command)
	return command
}

func (p *period) evening(command *cobra.Command, d *drawn, language picture.Language, from, to time.Time) error {
	zone, err := p.location()
	if err != nil {
		return err
	}
	custody := &report.Custody{}
	if err := p.read(command.Context(), "", report.CustodyEvents, to, custody.Add); err != nil {
		return err
	}
	var svg bytes.Buffer
	if err := picture.Evening(&svg, custody, from, to, language, zone); err != nil {
		return err
	}
	return d.write(command, svg.Bytes())
}
