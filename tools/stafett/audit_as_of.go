package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

// asOf is when a state is looked at: at a time, at a position, or now.
type asOf struct {
	at       string
	position position
}

// position of the log, as the command line names it; 0 where it names none.
type position uint64

// String, Set and Type make position a flag.
func (p *position) String() string { return strconv.FormatUint(uint64(*p), 10) }

// Set takes the flag's value.
func (p *position) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return fmt.Errorf("positions count from 1; write such a number")
	}
	*p = position(n)
	return nil
}

// Type is what the help calls the value.
func (p *position) Type() string { return "position" }

func (m *asOf) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&m.at, "at", "", "`time`, such as \"2026-03-03 19:52\"; now if not given")
	flags.Var(&m.position, "position", "`position` of the log, instead of a time")
	command.MarkFlagsMutuallyExclusive("at", "position")
}
