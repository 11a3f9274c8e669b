package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/yamlread"
)

// MaxMistakes limits how many mistakes are reported at once; a reader wants no more.
const MaxMistakes = 100

// Mistakes collects the mistakes in the named file, each with its line.
type Mistakes struct {
	File string
	all  []*yamlread.Error
}

// Refuse adds a mistake; the message says what to do about it.
func (m *Mistakes) Refuse(line int, format string, args ...any) {
	m.all = append(m.all, &yamlread.Error{File: m.File, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
}

// Len returns how many there are.
func (m *Mistakes) Len() int { return len(m.all) }

// Err joins the first of them, in file order. It returns nil if there are none.
func (m *Mistakes) Err() error {
	slices.SortStableFunc(m.all, func(a, b *yamlread.Error) int { return cmp.Compare(a.Line, b.Line) })
	var errs []error
	for _, mistake := range m.all[:min(len(m.all), MaxMistakes)] {
		errs = append(errs, mistake)
	}
	return errors.Join(errs...)
}
