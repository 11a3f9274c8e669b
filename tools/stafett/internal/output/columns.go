package output

import (
	"bytes"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/fatih/color"
)

// Rows prints rows in columns under headings.
func Rows(out io.Writer, headings []string, rows [][]string) error {
	lines := Aligned(append([][]string{headings}, rows...))
	lines[0] = color.New(color.Bold).Sprint(lines[0])
	return printLines(out, "", lines)
}

// Columns prints rows in columns, each line after an indent.
func Columns(out io.Writer, indent string, rows [][]string) error {
	return printLines(out, indent, Aligned(rows))
}

// Aligned are the rows as lines without their ends. A cell stays on its line: what it
// has besides text is told by its code.
func Aligned(rows [][]string) []string {
	if len(rows) == 0 {
		return nil
	}
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				io.WriteString(w, "\t")
			}
			io.WriteString(w, Plain(cell))
		}
		io.WriteString(w, "\n")
	}
	w.Flush()
	return strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
}

func printLines(out io.Writer, indent string, lines []string) error {
	for _, line := range lines {
		if _, err := io.WriteString(out, strings.TrimRight(indent+line, " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
