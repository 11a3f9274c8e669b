// Package server holds the commands that run processes: the platform, one service, a
// witness, and the certificates they need.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func UpCommand(wall func() time.Time) *cobra.Command {
	config := platform.Config{Wall: wall}
	var files directoryFiles
	var level, checkpoint string
	var reserve uint64
	var deskPort int
	command := &cobra.Command{
		Use:   "up",
		Short: "Run the whole platform in one process, with a desk for each line",
		Long: `Runs all four services on an embedded nats-server, and a desk for each line. All data
is in one folder: the log, the projections, the vault, what the desks keep, and
certificates, which are created as needed. Stops cleanly on SIGTERM and on Ctrl-C.`,
		Example: "  stafett up --data ./stafett-data",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) (err error) {
			if config.Port < 0 || config.Port > 65531 {
				return cli.Usagef("--port %d: use 0 to 65531; the services need five ports in a row", config.Port)
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
			if deskPort < 0 || deskPort > 65535-len(config.Lines) {
				return cli.Usagef("--desk-port %d: use 0 to %d; each of the %d desks needs a port after it", deskPort, 65535-len(config.Lines), len(config.Lines))
			}
			if command.Flags().Changed("port") && !command.Flags().Changed("desk-port") {
				deskPort = 0
			}
			return up(command.Context(), command.OutOrStdout(), config, deskPort)
		},
	}
	flags := command.Flags()
	flags.StringVar(&config.Data, "data", "stafett-data", "data `folder`")
	flags.StringVar(&config.Host, "host", "127.0.0.1", "`address` to listen on")
	flags.IntVar(&config.Port, "port", 7401, "`port` of intake; triage, routing, audit and tiles use the next four; 0: any free ports")
	flags.IntVar(&deskPort, "desk-port", 7410, "`port` of the page that leads to the desks, on loopback; the desks use the next ones; 0, or another --port: any free ports")
	flags.StringVar(&config.Domain, "domain", "", domainUsage)
	files.flags(flags)
	flags.StringVar(&checkpoint, "checkpoint", "", checkpointUsage)
	flags.Uint64Var(&reserve, "reserve-mib", 64, "free space in `MiB` below which nothing more is recorded")
	flags.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return command
}

func up(ctx context.Context, out io.Writer, config platform.Config, deskPort int) error {
	began := time.Now()
	p, err := platform.Up(ctx, config)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(out, "stopped before it was up; start it again any time")
		return nil
	}
	if err != nil {
		return err
	}
	at := p.Addresses()
	if err := at.Save(config.Data); err != nil {
		return err
	}
	desks, err := openDesks(config, at, deskPort)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	welcome(out, config, at, p.Tiles(), desks.URL(), time.Since(began))
	if err := runBoth(ctx, p, desks, config.Logger); err != nil {
		return err
	}
	fmt.Fprintln(out, "stopped; everything acknowledged is in", config.Data)
	return nil
}

// welcome says where the platform answers, with a line that works as it is.
func welcome(out io.Writer, config platform.Config, at client.Addresses, tiles, desks string, took time.Duration) {
	fmt.Fprintf(out, "Stafett is up after %d ms, with its data in %s\n\n", took.Milliseconds(), config.Data)
	for _, service := range []struct{ name, address string }{
		{"intake", at.Intake}, {"triage", at.Triage}, {"routing", at.Routing}, {"audit", at.Audit},
		{"tiles", tiles},
	} {
		fmt.Fprintf(out, "  %-8s %s\n", service.name, service.address)
	}
	fmt.Fprintf(out, "\nPlay an evening in browser windows:\n  %s\n", desks)
	fmt.Fprintf(out, "\nList the lines:\n  %s\n\nReplay a conversation:\n  stafett audit replay --data %s --purpose exercise conversations/ID\n\n",
		grpcurl(config.Data, at.Routing), config.Data)
}

// grpcurl is a command line that lists the directory as an operator.
func grpcurl(data, address string) string {
	files := platform.Credentials(platform.IdentityFolder(data), "operator", "operator")
	return fmt.Sprintf("grpcurl -cacert %s -cert %s -key %s %s stafett.routing.v1.DirectoryService/ListLines",
		files.CA, files.Cert, files.Key, address)
}

// logger writes to standard error, so that standard output is for reading.
func logger(level string) (*slog.Logger, error) {
	var at slog.Level
	if err := at.UnmarshalText([]byte(level)); err != nil {
		return nil, cli.Usagef("--log-level %s: use debug, info, warn or error", level)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: at})), nil
}
