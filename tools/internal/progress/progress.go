// Package progress shows on a terminal what a long measurement is doing. Into a pipe it
// writes nothing.
package progress

import (
	"fmt"
	"os"

	"golang.org/x/term"
)

// Line is the last line of the terminal. Its zero value writes nothing.
type Line struct{ out *os.File }

// To returns the line of an output.
func To(out *os.File) Line {
	if !term.IsTerminal(int(out.Fd())) {
		return Line{}
	}
	return Line{out}
}

// Show replaces what the line shows.
func (l Line) Show(format string, args ...any) {
	if l.out != nil {
		fmt.Fprintf(l.out, "\r\033[K"+format, args...)
	}
}

// Clear empties the line.
func (l Line) Clear() { l.Show("") }
