package check

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/stafett/stafett/pkg/verify"
)

// Source holds a history's files: a folder or a server.
type Source interface {
	// Read reads a file by its path within the source. The error is fs.ErrNotExist if there
	// is none.
	Read(ctx context.Context, path string) ([]byte, error)
}

// Options are what to check, and with which keys and policy.
type Options struct {
	// Policy says whose history it must be, and which witnesses must have cosigned the
	// checkpoint. It must not come from the same source as the files.
	Policy *verify.Policy
	// Since is a signed checkpoint that was kept from earlier and that the history must
	// continue. Nil skips this check.
	Since []byte
	// Services are the public keys of the committing services, by name. If nil, neither the
	// signatures nor the headers of commits are checked.
	Services map[string][]ed25519.PublicKey
	// NoTiles skips the tiles of hashes, for a source that has none.
	NoTiles bool
	// Progress receives how many of all commits are done. It may be nil.
	Progress func(done, all int64)
}

// Finding is one problem.
type Finding struct {
	// Position of the commit, or 0 if the problem does not concern one.
	Position int64 `json:"position,omitempty"`
	// What is wrong.
	What string `json:"what"`
}

// mostFindings limits the findings in a report.
const mostFindings = 20

// Report is the result of a check.
type Report struct {
	// Origin, size and root of the checkpoint, once it is verified.
	Origin string `json:"origin,omitempty"`
	Size   int64  `json:"size"`
	Root   string `json:"root,omitempty"`
	// Cosigned are the policy's witnesses that cosigned the checkpoint, and when. A platform
	// that was reset to an older state shows old times.
	Cosigned map[string]time.Time `json:"cosigned,omitempty"`
	// Read is how many commits were read.
	Read int64 `json:"read"`
	// First is the first bad position, or 0 if there is none.
	First int64 `json:"first_bad_position,omitempty"`
	// Findings are the first findings; Found is how many there are in all.
	Findings []Finding `json:"findings"`
	Found    int       `json:"found"`
	// Recovered are the earlier logs in whose place this one was opened, oldest first.
	Recovered []Recovered `json:"recovered,omitempty"`
	// Checked and Unchecked list what the report covers, whether or not it holds, and what it
	// does not cover.
	Checked   []string `json:"checked"`
	Unchecked []string `json:"unchecked"`
}

// Holds reports whether nothing is wrong with what was checked.
func (r *Report) Holds() bool { return r.Found == 0 }

func (r *Report) find(position int64, what string) {
	if position > 0 && (r.First == 0 || position < r.First) {
		r.First = position
	}
	if r.Found++; len(r.Findings) < mostFindings {
		r.Findings = append(r.Findings, Finding{Position: position, What: what})
	}
}
