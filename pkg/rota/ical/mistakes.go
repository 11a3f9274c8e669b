package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/yamlread"
)

// MaxMistakes are told at once; after that a reader has had enough.
const MaxMistakes = 100

// Mistakes are what is wrong in a file of that name, each with its line.
type Mistakes struct {
	File string
	all  []*yamlread.Error
}

// Refuse adds a mistake that says what to do about it.
func (m *Mistakes) Refuse(line int, format string, args ...any) {
	m.all = append(m.all, &yamlread.Error{File: m.File, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
}

// Len is how many there are.
func (m *Mistakes) Len() int { return len(m.all) }

// Err joins the first of them, in the order of the file. Nil where there are none.
func (m *Mistakes) Err() error {
	slices.SortStableFunc(m.all, func(a, b *yamlread.Error) int { return cmp.Compare(a.Line, b.Line) })
	var errs []error
	for _, mistake := range m.all[:min(len(m.all), MaxMistakes)] {
		errs = append(errs, mistake)
	}
	return errors.Join(errs...)
}
