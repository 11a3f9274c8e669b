// Package yamlread reads the small YAML files that people write for Stafett, and
// gives every mistake its place: file, line and column. Reading goes on after a
// mistake, so that the writer is told of all of them at once.
//
// Only plain YAML is read: no anchors, aliases, tags or merge keys, because each of
// them lets a file say something other than what a reader sees.
package yamlread

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 1 << 20

// maxTold is how many mistakes are told at once.
const maxTold = 50

// Error is one mistake in a file.
type Error struct {
	File         string
	Line, Column int
	Message      string
}

// Error tells the place first, as compilers do.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// file collects the mistakes of one reading.
type file struct {
	name     string
	mistakes []*Error
}

// Read parses text and hands its one document to visit, which refuses what it does
// not like. The error joins an [Error] for each mistake in the order of the file, and
// after the first 50 says how many more there are; it is nil only when nothing was
// refused, so a caller drops what visit built when it is not.
func Read(name string, text []byte, visit func(root Value)) error {
	root, err := document(name, text)
	if err != nil {
		return err
	}
	f := &file{name: name}
	visit(Value{f, root})
	return f.told()
}

func (f *file) told() error {
	slices.SortStableFunc(f.mistakes, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for _, mistake := range f.mistakes[:min(len(f.mistakes), maxTold)] {
		errs = append(errs, mistake)
	}
	if more := len(f.mistakes) - maxTold; more > 0 {
		errs = append(errs, fmt.Errorf("and %d more mistakes; mend these first", more))
	}
	return errors.Join(errs...)
}
