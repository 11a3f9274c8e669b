package proof

import (
	"fmt"
	"io"
	"os"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// provedCommit is the result of verifying the proof of one commit.
type provedCommit struct {
	Position  int64    `json:"position"`
	Origin    string   `json:"origin"`
	Size      int64    `json:"size"`
	Root      string   `json:"root"`
	Subject   string   `json:"subject"`
	Bytes     int      `json:"payload_bytes"`
	Unchecked []string `json:"unchecked"`
}

// showProof verifies the proof of one commit, using only the file and the trusted keys.
func showProof(out io.Writer, format output.Format, path string, policy *verify.Policy) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	p, err := openProof(text, policy)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", path, cli.ErrUntrue, err)
	}
	if format != output.Table {
		return output.Value(out, format, p)
	}
	fmt.Fprintf(out, "position %d of %s, among %d: a commit on %s, %d bytes\n", p.Position, p.Origin, p.Size, p.Subject, p.Bytes)
	for _, unchecked := range p.Unchecked {
		fmt.Fprintln(out, "  NOT checked:", unchecked)
	}
	_, err = fmt.Fprintln(out, "it is in the history")
	return err
}

func openProof(text []byte, policy *verify.Policy) (p provedCommit, err error) {
	proof, err := verify.ParseProof(text)
	if err != nil {
		return p, err
	}
	m, c, err := proof.Verify(policy)
	if err != nil {
		return p, err
	}
	p = provedCommit{Position: proof.Index + 1, Origin: c.Origin, Size: c.Size, Root: c.Root.String(), Subject: m.Subject, Bytes: len(m.Payload)}
	if !policy.NeedsWitnesses() {
		p.Unchecked = append(p.Unchecked, "whether others were shown another history: give a policy that names witnesses")
	}
	p.Unchecked = append(p.Unchecked, "what lies before and after it, who appended it, and what it means")
	return p, nil
}
