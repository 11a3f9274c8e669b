package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that an entry is in the history of a checkpoint. It is the content of a
// .tlog-proof file.
type Proof struct {
	// Entry that is proved. The file carries it as extra data, which proves nothing until
	// Verify has checked it.
	Entry []byte
	// Index of its leaf, one less than its position.
	Index int64
	// Path from the leaf to the root.
	Path tlog.RecordProof
	// Checkpoint as signed and cosigned.
	Checkpoint []byte
}

const proofHeader = "c2sp.org/tlog-proof@v1"

// Marshal encodes the proof as a file.
func (p Proof) Marshal() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\nextra %s\nindex %d\n", proofHeader, base64.StdEncoding.EncodeToString(p.Entry), p.Index)
	for _, hash := range p.Path {
		fmt.Fprintf(&text, "%s\n", hash)
	}
	fmt.Fprintf(&text, "\n%s", p.Checkpoint)
	return []byte(text.String())
}

// ParseProof reads a file. Its content is untrusted until Verify succeeds.
func ParseProof(file []byte) (Proof, error) {
	head, checkpoint, ok := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != proofHeader {
		return Proof{}, fmt.Errorf("not a proof: a .tlog-proof file begins with %s", proofHeader)
	}
	p := Proof{Checkpoint: []byte(checkpoint)}
	lines = lines[1:]
	if len(lines) < 2 || !strings.HasPrefix(lines[0], "extra ") {
		return Proof{}, errors.New("the proof has no entry in it; ask for a new one")
	}
	var err error
	if p.Entry, err = base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
		return Proof{}, fmt.Errorf("the proof's entry is not base64: %w", err)
	}
	if p.Index, err = parseIndex(lines[1]); err != nil {
		return Proof{}, err
	}
	p.Path, err = parsePath(lines[2:])
	return p, err
}

func parseIndex(line string) (int64, error) {
	text, ok := strings.CutPrefix(line, "index ")
	index, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || index < 0 || strconv.FormatInt(index, 10) != text {
		return 0, fmt.Errorf("the proof has %q where its index must be", line)
	}
	return index, nil
}

func parsePath(lines []string) (path tlog.RecordProof, err error) {
	if len(lines) > 63 {
		return nil, fmt.Errorf("the proof has %d hashes; no tree is so high", len(lines))
	}
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil || hash.String() != line {
			return nil, fmt.Errorf("the proof has %q where a hash must be", line)
		}
		path = append(path, hash)
	}
	return path, nil
}

// Verify checks the proof against the policy's log and witnesses. It returns the proved
// message, whose position is Index+1, and the checkpoint of its history.
func (p Proof) Verify(policy *Policy) (Message, Checkpoint, error) {
	c, err := policy.Open(p.Checkpoint)
	if err != nil {
		return Message{}, Checkpoint{}, err
	}
	if p.Index >= c.Size {
		return Message{}, c, fmt.Errorf("the proof is of position %d, and its checkpoint's history ends at %d", p.Index+1, c.Size)
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, LeafOf(p.Entry)); err != nil {
		return Message{}, c, fmt.Errorf("position %d does not have this entry: it was changed, or the proof is another's", p.Index+1)
	}
	m, err := ParseEntry(p.Entry)
	return m, c, err
}
