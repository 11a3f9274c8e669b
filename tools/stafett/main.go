// Command stafett runs the platform, plays stories on it and reads its history.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/internal/output"
)

// Exit codes, the same for every command.
const (
	exitFailed  = 1 // it did not work, or a story does not hold
	exitUsage   = 2 // the command line is wrong
	exitUntrue  = 3 // what was to be verified does not hold
	exitRefused = 4 // the platform refused, with a reason
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Whoever asks a second time is not made to wait.
	context.AfterFunc(ctx, stop)
	if err := execute(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "stafett:", output.PlainLines(explain(err)))
		os.Exit(exitCode(err))
	}
}

// execute runs the command line. What could not be written is an error too.
func execute(ctx context.Context) error {
	command, out := root(), &output.Checked{Out: os.Stdout}
	command.SetOut(out)
	used, err := command.ExecuteContextC(ctx)
	if err == nil {
		return out.Err
	}
	return inZoneOf(used, err)
}

// usageError is a wrong command line.
type usageError struct{ error }

func exitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, errUntrue):
		return exitUntrue
	case client.Reason(err) != "":
		return exitRefused
	}
	return exitFailed
}

// explain tells a refusal by its reason and its message, without gRPC's own words.
func explain(err error) string {
	reason := client.Reason(err)
	if reason == "" {
		return err.Error()
	}
	message := status.Convert(err).Message()
	if local := (localRefusal{}); errors.As(err, &local) {
		message = local.local(status.Convert(local.error).Message())
	}
	return fmt.Sprintf("refused: %s: %s", reason, message)
}

func root() *cobra.Command {
	clock := clockwork.NewRealClock()
	command := &cobra.Command{
		Use:   "stafett",
		Short: "Warm handovers of conversations between helplines",
		Long: `Stafett hands a young person's conversation from one helpline to another
while both counsellors are there, so that at no instant is nobody responsible.

Exit codes: 0 ok, 1 failed, 2 wrong command line, 3 a verification
does not hold, 4 refused by the platform.`,
		Version:           version(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	command.SetVersionTemplate("stafett {{.Version}}\n")
	command.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Errorf("there is no command %q; see \"stafett --help\"", args[0])}
		}
		return nil
	}
	command.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
	command.PersistentPreRunE = func(command *cobra.Command, _ []string) error { return flagsGoTogether(command) }
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	command.AddCommand(upCommand(), serveCommand(), certifyCommand(), auditCommand(), demoCommand(), playCommand(), topicsCommand(), rulesCommand(), witnessCommand(),
		linesCommand(clock), rotaCommand(clock), routeCommand(clock))
	return command
}

// flagsGoTogether makes a usage error of flags that are missing or exclude each other.
func flagsGoTogether(command *cobra.Command) error {
	if err := errors.Join(command.ValidateRequiredFlags(), command.ValidateFlagGroups()); err != nil {
		return usageError{err}
	}
	return nil
}

// arguments makes a usage error of a wrong number of arguments.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if err := check(command, args); err != nil {
			return usageError{fmt.Errorf("write %q; see %q", command.UseLine(), command.CommandPath()+" --help")}
		}
		return nil
	}
}
