package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// remakable reports whether the files can be regenerated from the JSON lines: only if this
// program's encoders wrote them.

// compared compares all other files with the JSON lines, which must have been checked.
func (c check) compared() error {
	var faults []error
	for _, file := range c.manifest.Files {
		if file.Format == JSONL {
			continue
		}
		if err := c.compare(file); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file.Name, err))
		}
	}
	return errors.Join(faults...)
}

func (c check) compare(file File) error {
	text, err := os.Open(filepath.Join(c.folder, file.Name))
	if err != nil {
		return err
	}
	defer text.Close()
	made, err := newAgain(file.Format, text, file.Bytes)
	if err != nil {
		return err
	}
	if err := c.commits(func(stored *auditv1.StoredCommit) error { return c.next(made, stored) }); err != nil {
		return err
	}
	return made.ends()
}

func (c check) next(made again, stored *auditv1.StoredCommit) error {
	if err := made.next(stored); err != nil {
		return fmt.Errorf("position %d: %w", stored.Position, err)
	}
	return c.ctx.Err()
}

// appends passes on the commits of the JSON lines.
func (c check) commits(each func(*auditv1.StoredCommit) error) error {
	lines, err := os.Open(filepath.Join(c.folder, fileNames[JSONL]))
	if err != nil {
		return err
	}
	defer lines.Close()
	return Read(lines, each)
}
