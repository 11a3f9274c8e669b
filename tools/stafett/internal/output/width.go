package output

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
)

// Width returns how many columns a line of out may have: COLUMNS if it is set, or the
// terminal's. 0 means any number, as in a file or a pipe.
func Width(out io.Writer) int {
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	file, ok := fileOf(out)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Terminal reports whether somebody reads along.
func Terminal(out io.Writer) bool {
	file, ok := fileOf(out)
	return ok && term.IsTerminal(int(file.Fd()))
}

func fileOf(out io.Writer) (*os.File, bool) {
	if checked, ok := out.(*Checked); ok {
		out = checked.Out
	}
	file, ok := out.(*os.File)
	return file, ok
}

// Wrap breaks a text into lines of at most width columns, between words where it can. A
// character counts as many columns as a terminal shows: none, one or two. A text that fits
// stays as it is, and so does any text if width is 0.
func Wrap(text string, width int) []string {
	if width <= 0 || uniseg.StringWidth(text) <= width {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		for _, piece := range pieces(word, width) {
			takes := uniseg.StringWidth(piece)
			switch {
			case used > 0 && used+1+takes <= width:
				line, used = line+" "+piece, used+1+takes
				continue
			case used > 0:
				lines = append(lines, line)
			}
			line, used = piece, takes
		}
	}
	return append(lines, line)
}

// pieces cuts a word that is longer than a line, between what people see as characters.
func pieces(word string, width int) (all []string) {
	piece, used := "", 0
	for state := -1; word != ""; {
		var cluster string
		var takes int
		cluster, word, takes, state = uniseg.FirstGraphemeClusterInString(word, state)
		if used > 0 && used+takes > width {
			all, piece, used = append(all, piece), "", 0
		}
		piece, used = piece+cluster, used+takes
	}
	return append(all, piece)
}
