// Package cli holds what the commands share: the caller and the platform, parsing of
// options, and usage errors.
package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// Group is a command that only has subcommands.
func Group(name, short string, commands ...*cobra.Command) *cobra.Command {
	command := &cobra.Command{Use: name, Short: short}
	command.Args = func(command *cobra.Command, args []string) error {
		if len(args) > 0 {
			return Usagef("there is no command %q; see %q", args[0], command.CommandPath()+" --help")
		}
		return nil
	}
	command.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
	command.AddCommand(commands...)
	return command
}

// Exactly, AtLeast and AtMost turn a wrong number of arguments into a usage error.
func Exactly(count int) cobra.PositionalArgs { return arguments(cobra.ExactArgs(count)) }

// AtLeast is for commands that take one argument or more.
func AtLeast(count int) cobra.PositionalArgs { return arguments(cobra.MinimumNArgs(count)) }

// AtMost is for commands whose arguments may be left out.
func AtMost(count int) cobra.PositionalArgs { return arguments(cobra.MaximumNArgs(count)) }

func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if err := check(command, args); err != nil {
			return Usagef("use %q; see %q", command.UseLine(), command.CommandPath()+" --help")
		}
		return nil
	}
}

// FlagsGoTogether turns missing or mutually exclusive flags into a usage error.
func FlagsGoTogether(command *cobra.Command) error {
	return Usage(errors.Join(command.ValidateRequiredFlags(), command.ValidateFlagGroups()))
}

// Plural counts things: 1 line, 2 lines.
func Plural(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", count, what)
}
