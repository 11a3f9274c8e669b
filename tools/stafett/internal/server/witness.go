package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/witness"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// witnessing is what the command line says about a witness.
type witnessing struct {
	folder, name, listen, level string
	keys                        []string
}

func WitnessCommand() *cobra.Command {
	w := witnessing{}
	command := &cobra.Command{
		Use:   "witness",
		Short: "Run a witness that cosigns checkpoints",
		Long: `Runs a witness (C2SP tlog-witness): a small server that cosigns a checkpoint only if it
is consistent with the last one it cosigned. Any line, ombud or auditor can run one.
Give the platform its key and URL, as a line of its trust.policy. It serves plain HTTP
and needs no certificate: its answers are signed.`,
		Example: "  stafett witness --name witness.example/ombud --log-key log.vkey --listen 127.0.0.1:7420",
		Args:    cli.Exactly(0),
		RunE:    w.run,
	}
	w.flags(command)
	return command
}

func (w *witnessing) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&w.folder, "data", "stafett-witness", "`folder` for its key and its last cosigned checkpoints")
	flags.StringVar(&w.name, "name", "", "`name` of the witness, such as witness.example/ombud")
	flags.StringArrayVar(&w.keys, "log-key", nil, "`key` of a log to cosign, or a file that contains it; may be repeated")
	flags.StringVar(&w.listen, "listen", "127.0.0.1:7420", "`address` to serve on")
	flags.StringVar(&w.level, "log-level", "info", "debug, info, warn or error")
	command.MarkFlagRequired("name")
	command.MarkFlagRequired("log-key")
}

func (w *witnessing) run(command *cobra.Command, _ []string) error {
	logs, err := readLogKeys(w.keys)
	if err != nil {
		return cli.Usage(err)
	}
	// No key is made for a name that cannot be one.
	if _, err := verify.NewWitness(w.name, nil); err != nil {
		return cli.Usagef("--name: %w", err)
	}
	logger, err := logger(w.level)
	if err != nil {
		return err
	}
	// Where nothing can be served, no key is made.
	listener, err := net.Listen("tcp", w.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	opened, err := witness.OpenIn(w.folder, w.name, logs, logger)
	if err != nil {
		return err
	}
	defer opened.Close()
	return serveWitness(command.Context(), command.OutOrStdout(), opened, listener)
}

func serveWitness(ctx context.Context, out io.Writer, w *witness.Witness, listener net.Listener) error {
	fmt.Fprintf(out, "the witness is up; its line in a policy:\n  witness NAME %s http://%s\n", w.VKey(), listener.Addr())
	server := &http.Server{Handler: w.Handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// readLogKeys reads vkeys, or files with one each.
func readLogKeys(keys []string) (logs []verify.Log, err error) {
	for _, key := range keys {
		text, err := evidence.TextOrFile(key)
		if err != nil {
			return nil, fmt.Errorf("--log-key: %w", err)
		}
		log, err := verify.ParseLog(text)
		if err != nil {
			return nil, fmt.Errorf("--log-key: %w", err)
		}
		logs = append(logs, log)
	}
	return logs, nil
}
