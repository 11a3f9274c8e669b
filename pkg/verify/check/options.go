package check

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/stafett/stafett/pkg/verify"
)

// Source is where a history's files are: a folder or a server.
type Source interface {
	// Read reads a file by its path below the source. The error is fs.ErrNotExist
	// where there is none.
	Read(ctx context.Context, path string) ([]byte, error)
}

// Options say what to check, and with what.
type Options struct {
	// Policy says whose history it must be, and which witnesses must have cosigned
	// the checkpoint. It must come from elsewhere than the files.
	Policy *verify.Policy
	// Since is a checkpoint that was kept from earlier, as it was signed; the history
	// must continue it. Nil: this is not checked.
	Since []byte
	// Services are the public keys of those who append, by name. None: neither who
	// appended is checked, nor whether the headers say what an append says.
	Services map[string][]ed25519.PublicKey
	// NoTiles leaves the tiles of hashes unchecked, where the source has none.
	NoTiles bool
	// Progress is told how many appends of all are done. It may be nil.
	Progress func(done, all int64)
}

// Finding is something that is wrong.
type Finding struct {
	// Position of the append; 0 where it is not of one.
	Position int64 `json:"position,omitempty"`
	// What is wrong.
	What string `json:"what"`
}

// mostFindings is how many findings a report tells.
const mostFindings = 20

// Report is what came of it.
type Report struct {
	// Origin, size and root as the checkpoint has them, once it is genuine.
	Origin string `json:"origin,omitempty"`
	Size   int64  `json:"size"`
	Root   string `json:"root,omitempty"`
	// Cosigned are the policy's witnesses that cosigned the checkpoint, and when. A
	// platform that was put back to an older state has old ones.
	Cosigned map[string]time.Time `json:"cosigned,omitempty"`
	// Read is how many appends were read.
	Read int64 `json:"read"`
	// First is the first position that is wrong; 0 where none is.
	First int64 `json:"first_bad_position,omitempty"`
	// Findings are the first that were found; Found is how many there are.
	Findings []Finding `json:"findings"`
	Found    int       `json:"found"`
	// Checked and Unchecked say what the report speaks of, whether it holds or is among
	// the findings, and what it does not speak of.
	Checked   []string `json:"checked"`
	Unchecked []string `json:"unchecked"`
}

// Holds says whether nothing is wrong with what was checked.
func (r *Report) Holds() bool { return r.Found == 0 }

func (r *Report) find(position int64, what string) {
	if position > 0 && (r.First == 0 || position < r.First) {
		r.First = position
	}
	if r.Found++; len(r.Findings) < mostFindings {
		r.Findings = append(r.Findings, Finding{Position: position, What: what})
	}
}
