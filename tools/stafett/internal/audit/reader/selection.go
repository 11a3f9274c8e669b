package reader

import (
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// Selection is the part of the history that the command line names.
type Selection struct {
	Reader
	line     string
	alone    bool
	types    []string
	from, to string
	after    uint64
	until    position
}

func (s *Selection) Flags(command *cobra.Command) {
	s.Reader.Flags(command)
	flags := command.Flags()
	flags.StringVar(&s.line, "line", "", "only this `line`: its own records, and conversations while it was a party")
	flags.BoolVar(&s.alone, "line-alone", false, "with --line: only its own records, no conversations")
	flags.StringSliceVar(&s.types, "type", nil, "only commits with one of these `events`, such as OfferSent,OfferAccepted")
	flags.StringVar(&s.from, "from", "", "only from this `time`, such as \"2026-03-03 19:00\"")
	flags.StringVar(&s.to, "to", "", "only before this `time`")
	flags.Uint64Var(&s.after, "after", 0, "only after this `position`, to continue an earlier replay")
	flags.Var(&s.until, "until", "only up to this `position`")
}

// Request builds the request to the platform, for a conversation if one is named.
func (s *Selection) Request(args []string) (*auditv1.ReplayCommitsRequest, error) {
	purpose, err := s.Stated()
	if err != nil {
		return nil, err
	}
	if s.alone && s.line == "" {
		return nil, cli.Usagef("--line-alone needs --line; name the line, or leave it out")
	}
	r := &auditv1.ReplayCommitsRequest{
		Purpose: purpose, EventTypes: s.types, AfterPosition: s.after, UntilPosition: uint64(s.until),
	}
	if len(args) > 0 {
		r.Conversation = ConversationName(args[0])
	}
	if s.line != "" {
		r.Line, r.WithConversations = handover.LineName(strings.TrimPrefix(s.line, "lines/")), !s.alone
	}
	if r.StartTime, err = s.time("from", s.from); err != nil {
		return nil, err
	}
	r.EndTime, err = s.time("to", s.to)
	return r, err
}

func (s *Selection) time(flag, text string) (*timestamppb.Timestamp, error) {
	zone, err := s.Location()
	if err != nil || text == "" {
		return nil, err
	}
	at, err := Instant(flag, text, zone)
	return timestamppb.New(at), err
}
