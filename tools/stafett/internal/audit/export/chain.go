package export

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// longest is the maximum line length of a JSONL file; a commit is far shorter.
const longest = 4 << 20

// Read passes on the commits of a JSONL file, in order.
func Read(text io.Reader, each func(*auditv1.StoredCommit) error) error {
	in := bufio.NewScanner(text)
	in.Buffer(nil, longest)
	for n := 1; in.Scan(); n++ {
		stored := &auditv1.StoredCommit{}
		if err := protojson.Unmarshal(in.Bytes(), stored); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := each(stored); err != nil {
			return err
		}
	}
	return in.Err()
}

// chain is the state of reading an export's commits.
type chain struct {
	manifest     Manifest
	proof        proof
	subjects     replay.Chain
	rows, events int
	first, last  uint64
	lastWithin   bool // the last was recorded well within the requested period
}

// chained reads the commits of a JSONL file and checks that they follow each other, match
// the manifest, and are proved if they must be.
func (c check) chained(text io.Reader) (rows int, err error) {
	m := c.manifest
	read := chain{manifest: m, proof: c.proof, subjects: replay.Chain{
		Gapless: gapless(m), Whole: gapless(m) && m.AfterPosition == 0 && m.StartTime == nil, Within: m.wellWithin,
	}}
	if err := Read(text, read.add); err != nil {
		return read.rows, err
	}
	return read.rows, read.ends()
}

func (c *chain) add(stored *auditv1.StoredCommit) error {
	if stored.Position <= c.last {
		return fmt.Errorf("position %d comes after position %d", stored.Position, c.last)
	}
	within := c.manifest.wellWithin(stored.Commit.RecordTime.AsTime())
	if c.rows == 0 {
		c.first = stored.Position
	} else if complete(c.manifest) && c.lastWithin && within && stored.Position != c.last+1 {
		return fmt.Errorf("position %d comes after position %d, and everything was exported: there is a hole", stored.Position, c.last)
	}
	if err := c.subjects.Add(stored); err != nil {
		return err
	}
	if err := asked(c.manifest, stored); err != nil {
		return err
	}
	c.rows, c.events, c.last, c.lastWithin = c.rows+1, c.events+len(stored.Commit.Events), stored.Position, within
	return c.proof.holds(stored)
}

// ends compares the totals with the manifest.
func (c *chain) ends() error {
	m, after := c.manifest, c.manifest.AfterPosition
	if c.first != m.FirstPosition || c.last != m.LastPosition || c.events != m.Events {
		return fmt.Errorf("it has %d events, from position %d to %d; the manifest says %d, from %d to %d",
			c.events, c.first, c.last, m.Events, m.FirstPosition, m.LastPosition)
	}
	begins := m.StartTime != nil || c.first == after+1
	ends := m.EndTime != nil || c.last == m.UntilPosition
	if nothing := c.rows == 0 && (m.UntilPosition == after || m.StartTime != nil || m.EndTime != nil); nothing || !complete(m) || begins && ends {
		return nil
	}
	return fmt.Errorf("everything from position %d to %d was exported, and it goes from %d to %d: there is a hole",
		after+1, m.UntilPosition, c.first, c.last)
}

// clockSkew is the maximum difference between the clocks of two services: it can put
// commits near the end of a period on the other side of it.
const clockSkew = time.Minute

// wellWithin reports whether a time is so far inside the requested period that no commit
// between two such times can have been left out.
func (m Manifest) wellWithin(at time.Time) bool {
	return (m.StartTime == nil || !at.Before(m.StartTime.Add(clockSkew))) && (m.EndTime == nil || !at.After(m.EndTime.Add(-clockSkew)))
}
