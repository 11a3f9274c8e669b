// Package yamlread reads the small YAML files that people write for Stafett, and gives the
// file, line and column of every mistake. It continues after a mistake, so that the author
// learns of all of them at once.
//
// It reads plain YAML only: no anchors, aliases, tags or merge keys, because each of them lets
// a file mean something other than what a reader sees.
package yamlread

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Bounds limit a file.
type Bounds struct {
	Bytes   int
	Members int // of one list
}

// Usual are the bounds of files that people write.
var Usual = Bounds{Bytes: 1 << 20, Members: 5000}

// maxTold limits how many mistakes are reported at once.
const maxTold = 50

// Error is one mistake in a file.
type Error struct {
	File         string
	Line, Column int
	Message      string
}

// Error returns the place first, as compilers do, and then the message.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// file collects the mistakes found in one file.
type file struct {
	name     string
	mistakes []*Error
}

// Read parses text and passes its only document to visit, which refuses what is wrong in it.
// The error joins an [Error] per mistake, in file order; after the first 50 it gives the
// number of the rest. It is nil only if nothing was refused. Otherwise the caller must
// discard what visit built.
func Read(name string, text []byte, visit func(root Value)) error {
	return Usual.Read(name, text, visit)
}

// Read is like the function [Read], with other bounds.
func (b Bounds) Read(name string, text []byte, visit func(root Value)) error {
	root, err := b.document(name, text)
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
		errs = append(errs, fmt.Errorf("and %d more mistakes; fix these first", more))
	}
	return errors.Join(errs...)
}
