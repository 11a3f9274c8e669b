package proof

import (
	"bytes"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// what is verified, as the command line calls it.
type what string

const (
	aPlatform what = "a running platform"
	aStream   what = "the log's own stream"
	aFolder   what = "a folder"
	aProof    what = "a proof"
)

// The flags that say where a platform and a stream are, and who reads them.
var (
	platformFlags = []string{"data", "identity", "intake", "triage", "routing", "audit", "as", "purpose", "case"}
	streamFlags   = []string{"nats", "nats-ca", "nats-cert", "nats-key", "checkpoint"}
)

// foreign are the flags that say nothing about what is verified.
var foreign = map[what][]string{
	aPlatform: streamFlags,
	aStream:   platformFlags,
	aFolder:   slices.Concat(platformFlags, streamFlags, []string{"accesses"}),
	aProof:    slices.Concat(platformFlags, streamFlags, []string{"accesses", "since", "services"}),
}

// refuseFlags refuses flags that would be ignored: whoever gives one believes that
// it was looked at.
func refuseFlags(command *cobra.Command, about what, names []string) error {
	for _, name := range names {
		if command.Flags().Changed(name) {
			return cli.Usagef("--%s does not apply to %s; leave it out", name, about)
		}
	}
	return nil
}

// what finds out what is to be verified.
func (v *verification) what(argument string) (what, error) {
	if argument == "" && v.nats != "" {
		return aStream, nil
	}
	if argument == "" {
		return aPlatform, nil
	}
	info, err := os.Stat(argument)
	if err != nil {
		return "", cli.Usage(err)
	}
	if info.IsDir() {
		return aFolder, nil
	}
	if isProof(argument) {
		return aProof, nil
	}
	return "", cli.Usagef("%s is neither a folder with a history nor a proof (.tlog-proof); name one of them", argument)
}

// isProof looks at how a file begins.
func isProof(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	begin := make([]byte, len(proofBegin))
	_, err = io.ReadFull(file, begin)
	return err == nil && bytes.Equal(begin, []byte(proofBegin))
}

const proofBegin = "c2sp.org/tlog-proof@v1\n"

// kept reads a checkpoint that somebody has. One that is none, or is of a log that
// is not believed, is a mistake of the command line and says nothing of a history.
func kept(flag, path string, policy *verify.Policy) ([]byte, error) {
	signed, err := os.ReadFile(path)
	if err != nil {
		return nil, cli.Usagef("--%s: %w", flag, err)
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return nil, cli.Usagef("--%s %s: %w", flag, path, err)
	}
	if !slices.ContainsFunc(policy.Logs, func(log verify.PolicyLog) bool { return log.Name() == c.Origin }) {
		return nil, cli.Usagef("--%s %s: it is of %s, which is not a trusted log; give a checkpoint of a trusted log", flag, path, c.Origin)
	}
	return signed, nil
}
