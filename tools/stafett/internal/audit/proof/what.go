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

// what is the kind of thing to verify, in the command line's terms.
type what string

const (
	aPlatform what = "a running platform"
	aStream   what = "the log's own stream"
	aFolder   what = "a folder"
	aProof    what = "a proof"
)

// Flags that select a platform or a stream, and the reader.
var (
	platformFlags = []string{"data", "identity", "intake", "triage", "routing", "audit", "as", "purpose", "case"}
	streamFlags   = []string{"nats", "nats-ca", "nats-cert", "nats-key", "nats-prefix", "checkpoint"}
)

// foreign lists the flags that do not apply to a kind.
var foreign = map[what][]string{
	aPlatform: streamFlags,
	aStream:   platformFlags,
	aFolder:   slices.Concat(platformFlags, streamFlags, []string{"accesses"}),
	aProof:    slices.Concat(platformFlags, streamFlags, []string{"accesses", "since", "services"}),
}

// refuseFlags refuses flags that would be ignored: whoever gives one expects it to be
// checked.
func refuseFlags(command *cobra.Command, about what, names []string) error {
	for _, name := range names {
		if command.Flags().Changed(name) {
			return cli.Usagef("--%s does not apply to %s; leave it out", name, about)
		}
	}
	return nil
}

// what determines what to verify.
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

// isProof checks how a file begins.
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

// kept reads a checkpoint that the caller kept. One that is invalid, or is of an untrusted
// log, is a usage error and says nothing about a history.
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
