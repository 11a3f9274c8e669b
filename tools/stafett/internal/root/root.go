// Package root is the command line as a whole.
package root

import (
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/keys"
	"github.com/stafett/stafett/tools/stafett/internal/lines"
	"github.com/stafett/stafett/tools/stafett/internal/play"
	"github.com/stafett/stafett/tools/stafett/internal/rota"
	"github.com/stafett/stafett/tools/stafett/internal/route"
	"github.com/stafett/stafett/tools/stafett/internal/rules"
	"github.com/stafett/stafett/tools/stafett/internal/server"
	"github.com/stafett/stafett/tools/stafett/internal/topics"
)

// Command is stafett with all of its commands, by a machine's clock.
func Command(clock clockwork.Clock) *cobra.Command {
	command := cli.Group("stafett", "Warm handovers of conversations between helplines",
		server.UpCommand(clock.Now), server.ServeCommand(clock.Now), server.HealthCommand(), server.CertifyCommand(), server.RecoverCommand(), server.DeskCommand(clock.Now), server.WitnessCommand(),
		play.DemoCommand(), play.Command(),
		lines.Command(clock), rota.Command(clock), keys.Command(clock), route.Command(clock), topics.Command(), rules.Command(),
		audit.Command())
	command.Long = `Stafett hands a young person's conversation from one helpline to another
while both counsellors are present, so that someone is always responsible.

Exit codes: 0 success, 1 failure, 2 invalid command line, 3 a verification
does not hold, 4 refused by the platform.`
	command.Version = version()
	command.SilenceUsage, command.SilenceErrors = true, true
	command.CompletionOptions.HiddenDefaultCmd = true
	command.SetVersionTemplate("stafett {{.Version}}\n")
	command.PersistentPreRunE = func(command *cobra.Command, _ []string) error { return cli.FlagsGoTogether(command) }
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return cli.FlagError(err) })
	return command
}
