package export

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protojson"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// longest is the longest line that a JSONL file may have; an append is far shorter.
const longest = 4 << 20

// Read hands on the appends of a JSONL file, in order.
func Read(text io.Reader, each func(*auditv1.StoredAppend) error) error {
	in := bufio.NewScanner(text)
	in.Buffer(nil, longest)
	for n := 1; in.Scan(); n++ {
		stored := &auditv1.StoredAppend{}
		if err := protojson.Unmarshal(in.Bytes(), stored); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := each(stored); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return in.Err()
}

// chain is what is known of the subjects while a file is read.
type chain struct {
	rows, events int
	first, last  uint64
	heads        map[string]*auditv1.StoredAppend
	// gapless says that nothing may be missing between two appends of a subject, and
	// complete that nothing may be missing at all.
	gapless, complete bool
}

// chained reads the appends of a JSONL file and looks whether they follow each
// other and are what the manifest says.
func chained(text io.Reader, m Manifest) (rows int, err error) {
	c := &chain{heads: map[string]*auditv1.StoredAppend{}}
	c.gapless = len(m.EventTypes) == 0 && m.Line == "" && m.StartTime == nil && m.EndTime == nil
	c.complete = c.gapless && m.Conversation == ""
	if err := Read(text, c.add); err != nil {
		return c.rows, err
	}
	if c.first != m.FirstPosition || c.last != m.LastPosition || c.events != m.Events {
		return c.rows, fmt.Errorf("it has %d events, from position %d to %d; the manifest says %d, from %d to %d",
			c.events, c.first, c.last, m.Events, m.FirstPosition, m.LastPosition)
	}
	if c.complete && (c.last != m.UntilPosition || c.rows > 0 && c.first != m.AfterPosition+1) {
		return c.rows, fmt.Errorf("everything from position %d to %d was exported, and it goes from %d to %d: there is a hole",
			m.AfterPosition+1, m.UntilPosition, c.first, c.last)
	}
	return c.rows, nil
}

func (c *chain) add(stored *auditv1.StoredAppend) error {
	if stored.Position <= c.last {
		return fmt.Errorf("position %d comes after position %d", stored.Position, c.last)
	}
	if err := replay.Genuine(stored); err != nil {
		return err
	}
	if c.rows == 0 {
		c.first = stored.Position
	} else if c.complete && stored.Position != c.last+1 {
		return fmt.Errorf("position %d comes after position %d, and everything was exported: there is a hole", stored.Position, c.last)
	}
	c.rows, c.events, c.last = c.rows+1, c.events+len(stored.Append.Events), stored.Position
	head := c.heads[stored.Append.Subject]
	c.heads[stored.Append.Subject] = stored
	return c.follows(head, stored)
}

// follows refuses an append that is the next one of its subject and does not carry
// the hash of the one before it. Where some were not asked for, nothing can be said
// of what follows them.
func (c *chain) follows(head, stored *auditv1.StoredAppend) error {
	a := stored.Append
	switch {
	case c.gapless && head != nil && a.Number > head.Append.Number+1:
		return fmt.Errorf("append %d of %s comes after append %d: there is a hole", a.Number, a.Subject, head.Append.Number)
	case a.Number == 1 && len(a.PreviousHash) > 0, head != nil && a.Number <= head.Append.Number:
		return fmt.Errorf("append %d of %s is out of order", a.Number, a.Subject)
	case head != nil && a.Number == head.Append.Number+1 && !bytes.Equal(a.PreviousHash, head.PayloadHash):
		return errors.New("it does not carry the hash of the append before it in " + a.Subject)
	}
	return nil
}
