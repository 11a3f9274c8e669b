package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"unicode/utf16"
)

const (
	// byteOrderMark makes Excel read UTF-8.
	byteOrderMark = "\ufeff"
	// excelSeparator is what Excel expects where the comma is the decimal separator, as in
	// Norway and Denmark.
	excelSeparator = ';'
	// excelCell is the maximum length of a cell in Excel, in UTF-16 code units. Excel moves
	// the rest to the next rows without a word.
	excelCell = 32_767
)

// newExcel writes a table that Excel opens with a double click.
func newExcel(out io.Writer) (*table, error) {
	if _, err := io.WriteString(out, byteOrderMark); err != nil {
		return nil, err
	}
	t := &table{out: csv.NewWriter(out), most: excelCell}
	t.out.Comma = excelSeparator
	return t, t.out.Write(columns)
}

// shorten cuts cells that are too long, and says so in the cell.
func (t *table) shorten(cells []string) []string {
	for i, cell := range cells {
		if t.most > 0 && len(cell) > t.most {
			cells[i] = shortened(cell, t.most)
		}
	}
	return cells
}

func shortened(cell string, most int) string {
	units := utf16.Encode([]rune(cell))
	if len(units) <= most {
		return cell
	}
	note := fmt.Sprintf(" ... (cut; %d characters in commits.jsonl)", len([]rune(cell)))
	kept := units[:most-len(note)]
	if last := kept[len(kept)-1]; 0xD800 <= last && last < 0xDC00 { // the first half of a pair
		kept = kept[:len(kept)-1]
	}
	return string(utf16.Decode(kept)) + note
}
