package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func ServeCommand(wall func() time.Time) *cobra.Command {
	config := platform.ServeConfig{Wall: wall}
	var files directoryFiles
	var level, checkpoint string
	var reserve uint64
	command := &cobra.Command{
		Use:   "serve SERVICE",
		Short: "Run one service against an external nats-server",
		Long: `Runs intake, triage, routing or audit as a process of its own. Certificates and signing
keys come from a folder that "stafett certify" has made. The nats-server must sync
each message to disk (sync_interval: always); the service checks this through the
monitoring endpoint and refuses to start otherwise.`,
		Example:   "  stafett serve routing --platform ./platform --nats tls://127.0.0.1:4222 --nats-monitor http://127.0.0.1:8222",
		ValidArgs: platform.Services,
		Args:      cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) (err error) {
			config.Service = args[0]
			if !slices.Contains(platform.Services, config.Service) {
				return cli.Usagef("there is no service %q; use one of %s", config.Service, strings.Join(platform.Services, ", "))
			}
			of, err := files.read()
			if err != nil {
				return err
			}
			if config.Checkpoint, err = readCheckpoint(checkpoint); err != nil {
				return err
			}
			config.Reserve = reserve << 20
			config.Lines, config.Rotas, config.Once = of.lines, of.rotas, of.once
			config.Topics, config.Ranking = of.topics, of.rules
			if config.Logger, err = logger(level); err != nil {
				return err
			}
			config.Ready = func(address string) { fmt.Fprintln(command.OutOrStdout(), config.Service, "is up at", address) }
			err = platform.Serve(command.Context(), config)
			if command.Context().Err() != nil && errors.Is(err, context.Canceled) {
				return nil // told to stop while it waited
			}
			return err
		},
	}
	flags := command.Flags()
	flags.StringVar(&config.Data, "data", "stafett-data", "`folder` for the service's own files")
	flags.StringVar(&config.Platform, "platform", "platform", "`folder` with certificates and signing keys")
	flags.StringVar(&config.Listen, "listen", "127.0.0.1:0", "`address` to serve on")
	flags.StringVar(&config.Tiles, "tiles", "", "`address` on which audit serves the history's tiles; default: no tiles")
	flags.StringVar(&config.NATS, "nats", "tls://127.0.0.1:4222", "`URL` of the nats-server")
	flags.StringVar(&config.Monitor, "nats-monitor", "http://127.0.0.1:8222", "`URL` of its monitoring endpoint")
	flags.IntVar(&config.Replicas, "replicas", 1, "replicas of the log's stream: 1, or 3 in a cluster")
	files.flags(flags)
	flags.StringVar(&checkpoint, "checkpoint", "", checkpointUsage+"; only audit uses it")
	flags.BoolVar(&config.WithoutAudit, "without-audit", false, "record before audit has compared the log; only if you know that it is not an older one")
	flags.Uint64Var(&reserve, "reserve-mib", 64, "free space in `MiB` below which nothing more is recorded")
	flags.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return command
}
