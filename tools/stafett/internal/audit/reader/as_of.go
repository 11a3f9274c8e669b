package reader

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// AsOf selects a state: at a time, at a position, or now.
type AsOf struct {
	at       string
	position position
}

// position of the log; 0 if the command line does not name one.
type position uint64

// String implements pflag.Value, with Set and Type.
func (p *position) String() string { return strconv.FormatUint(uint64(*p), 10) }

// Set parses a position greater than 0.
func (p *position) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return fmt.Errorf("positions start at 1; use a number from 1 on")
	}
	*p = position(n)
	return nil
}

// Type is the name of the value in help texts.
func (p *position) Type() string { return "position" }

func (m *AsOf) Flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&m.at, "at", "", "`time`, such as \"2026-03-03 19:52\"; default: now")
	flags.Var(&m.position, "position", "`position` of the log, instead of a time")
	command.MarkFlagsMutuallyExclusive("at", "position")
}

// StateRequest asks for the state of a conversation or a line.
func (r *Reader) StateRequest(name string, m AsOf) (*auditv1.GetStateRequest, error) {
	purpose, err := r.Stated()
	if err != nil {
		return nil, err
	}
	zone, err := r.Location()
	if err != nil {
		return nil, err
	}
	if !strings.Contains(name, "/") {
		name = ConversationName(name)
	}
	request := &auditv1.GetStateRequest{Name: name, Purpose: purpose}
	if m.position > 0 {
		request.At = &auditv1.GetStateRequest_Position{Position: uint64(m.position)}
	}
	if m.at != "" {
		when, err := Instant("at", m.at, zone)
		if err != nil {
			return nil, err
		}
		request.At = &auditv1.GetStateRequest_Time{Time: timestamppb.New(when)}
	}
	return request, nil
}
