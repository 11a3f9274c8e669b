// Package proof verifies the history, proves single commits of it, and copies it.
package proof

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

type verification struct {
	provedLog
	trust      evidence.Trust
	since      string
	services   string
	nats       string
	natsCA     string
	natsCert   string
	natsKey    string
	natsPrefix string
	checkpoint string
	format     output.Format
}

func VerifyCommand() *cobra.Command {
	v := verification{provedLog: newProvedLog(), format: output.Table}
	command := &cobra.Command{
		Use:   "verify [FOLDER | FILE.tlog-proof]",
		Short: "Verify the whole history, or the proof of one commit",
		Long: `Verifies a history: from a folder made by "stafett audit tiles", from the log's stream
(--nats), or from a running platform. It recomputes every leaf and the root, and checks
that every commit follows the previous one of its subject. The proof of one commit
(.tlog-proof) is verified by itself, offline. With --accesses it verifies the access log,
which has its own key and checkpoints.

Trust must come from elsewhere: the log's key (--log-key) or a policy that names logs,
witnesses and a quorum (--policy, in C2SP tlog-policy form). The output says what could
not be checked.

Exit codes: 0 no problem found in what was checked, 1 could not be checked,
2 wrong command line, 3 it does not hold, 4 refused by the platform.`,
		Example: `  stafett audit verify ./history --log-key log.vkey --services ./signing --since kept.checkpoint
  stafett audit verify --data ./stafett-data --policy trust.policy
  stafett audit verify --nats nats://127.0.0.1:4222 --checkpoint kept.checkpoint --log-key log.vkey
  stafett audit verify append-17.tlog-proof --policy trust.policy`,
		Args: cli.AtMost(1),
		RunE: func(command *cobra.Command, args []string) error { return v.run(command, strings.Join(args, "")) },
	}
	v.flags(command)
	return command
}

func (v *verification) flags(command *cobra.Command) {
	v.provedLog.flags(command)
	flags := command.Flags()
	v.trust.Flags(command)
	flags.StringVar(&v.since, "since", "", "`file` with a checkpoint you kept; the history must be consistent with it")
	flags.StringVar(&v.services, "services", "", "`folder` with the services' public keys (*.pub)")
	flags.StringVar(&v.nats, "nats", "", "`URL` of the nats-server, to read the log's stream directly")
	flags.StringVar(&v.natsCA, "nats-ca", "", "`file` with its CA certificate")
	flags.StringVar(&v.natsCert, "nats-cert", "", "`file` with a certificate that may read the stream")
	flags.StringVar(&v.natsKey, "nats-key", "", "`file` with that certificate's key")
	flags.StringVar(&v.natsPrefix, "nats-prefix", "", "`prefix` of JetStream's requests in its account: STAFETT.API with an auditor's certificate")
	flags.StringVar(&v.checkpoint, "checkpoint", "", "with --nats: `file` with the checkpoint that the stream must match")
	flags.VarP(&v.format, "output", "o", "table, json or jsonl")
	command.MarkFlagsRequiredTogether("nats-cert", "nats-key")
}

func (v *verification) run(command *cobra.Command, argument string) error {
	what, err := v.what(argument)
	if err != nil {
		return err
	}
	if err := refuseFlags(command, what, foreign[what]); err != nil {
		return err
	}
	policy, err := v.trust.Open()
	if err != nil {
		return cli.Usage(err)
	}
	if what == aProof {
		return showProof(command.OutOrStdout(), v.format, argument, policy)
	}
	options, err := v.options(policy)
	if err != nil {
		return err
	}
	source, done, err := v.source(command.Context(), what, argument, policy)
	if err != nil {
		return err
	}
	defer done()
	return v.history(command, source, options)
}

func (v *verification) history(command *cobra.Command, source check.Source, options check.Options) error {
	progress := newProgress(command.ErrOrStderr(), "commits")
	options.Progress = progress.at
	report, err := check.History(command.Context(), source, options)
	progress.end()
	if err != nil {
		return err
	}
	return showReport(command.OutOrStdout(), v.format, report)
}

func (v *verification) options(policy *verify.Policy) (o check.Options, err error) {
	o.Policy, o.NoTiles = policy, v.nats != ""
	if v.since != "" {
		if o.Since, err = kept("since", v.since, policy); err != nil {
			return o, err
		}
	}
	if v.services != "" {
		if o.Services, err = evidence.Services(v.services); err != nil {
			return o, cli.Usage(err)
		}
	}
	return o, nil
}
