// Command stafett runs the platform, plays stories on it and reads its history.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/root"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	if err := execute(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "stafett:", output.PlainLines(cli.Explain(err)))
		os.Exit(cli.ExitCode(err))
	}
}

// execute runs the command line. Failing to write output is an error too.
func execute(ctx context.Context) error {
	command, out := root.Command(clockwork.NewRealClock()), &output.Checked{Out: os.Stdout}
	command.SetOut(out)
	used, err := command.ExecuteContextC(ctx)
	if err == nil {
		return out.Err
	}
	return cli.InZoneOf(used, err)
}
