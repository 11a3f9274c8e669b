package output

import (
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"
)

// Rows prints rows in columns under headings.
func Rows(out io.Writer, headings []string, rows [][]string) error {
	lines := Aligned(append([][]string{headings}, rows...), Width(out))
	lines[0] = color.New(color.Bold).Sprint(lines[0])
	return printLines(out, "", lines)
}

// Columns prints rows in columns, each line after an indent.
func Columns(out io.Writer, indent string, rows [][]string) error {
	return printLines(out, indent, Aligned(rows, max(Width(out)-len(indent), 0)))
}

const (
	gap       = 2  // between columns
	narrowest = 8  // the least to which a column shrinks
	legible   = 24 // the least for a last column beside the others
)

// Aligned returns the rows as lines without their ends, of at most width columns if there
// is room for narrow columns; 0: as wide as they are. The cells of a wide column continue
// on further lines. A cell's controls are shown by their code.
func Aligned(rows [][]string, width int) (lines []string) {
	if crowded(rows, width) {
		return stacked(rows, width)
	}
	widths := fitting(rows, width)
	for _, row := range rows {
		lines = append(lines, laid(row, widths)...)
	}
	return lines
}

// laid is one row, on as many lines as its cells need.
func laid(row []string, widths []int) (lines []string) {
	cells, height := make([][]string, len(row)), 1
	for i, cell := range row {
		cells[i] = Wrap(Plain(cell), widths[i])
		height = max(height, len(cells[i]))
	}
	for level := range height {
		lines = append(lines, joined(cells, widths, level))
	}
	return lines
}

// crowded reports whether the other columns leave too little room for the last.
func crowded(rows [][]string, width int) bool {
	widths := fitting(rows, 0)
	last := len(widths) - 1
	return width > 0 && last > 1 && total(widths) > width && widths[last] > legible && width-total(widths[:last])-gap < legible
}

// stacked puts the last column of each row below the others, after an indent.
func stacked(rows [][]string, width int) (lines []string) {
	heads := make([][]string, len(rows))
	for i, row := range rows {
		heads[i] = row[:len(row)-1]
	}
	widths := fitting(heads, width)
	for i, row := range rows {
		if slices.ContainsFunc(heads[i], func(cell string) bool { return cell != "" }) {
			lines = append(lines, laid(heads[i], widths)...)
		}
		for _, line := range Wrap(Plain(row[len(row)-1]), max(width-2*gap, narrowest)) {
			lines = append(lines, strings.Repeat(" ", 2*gap)+line)
		}
	}
	return lines
}

// joined is one line of a row.
func joined(cells [][]string, widths []int, level int) string {
	var line strings.Builder
	for i, cell := range cells {
		text := ""
		if level < len(cell) {
			text = cell[level]
		}
		line.WriteString(text)
		if i < len(cells)-1 {
			line.WriteString(strings.Repeat(" ", max(widths[i]-uniseg.StringWidth(text), 0)+gap))
		}
	}
	return line.String()
}

// fitting returns the widths of the columns. Where they do not fit, the widest shrink.
func fitting(rows [][]string, width int) (widths []int) {
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(Plain(cell)))
		}
	}
	if width <= 0 || len(widths) == 0 {
		return widths
	}
	for total(widths) > width && slices.Max(widths) > narrowest {
		widths[slices.Index(widths, slices.Max(widths))]--
	}
	return widths
}

func total(widths []int) (sum int) {
	for _, width := range widths {
		sum += width + gap
	}
	return sum - gap
}

func printLines(out io.Writer, indent string, lines []string) error {
	for _, line := range lines {
		if _, err := io.WriteString(out, strings.TrimRight(indent+line, " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
