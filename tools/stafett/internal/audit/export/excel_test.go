package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestExcelOpensTheTable(t *testing.T) {
	var file bytes.Buffer
	out, err := newExcel(&file)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(file.String(), "\ufeff")
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = ';'
	header, err := in.Read()
	if err != nil || !marked || len(header) != len(columns) {
		t.Errorf("the file begins with %q: %v", file.String()[:20], err)
	}
}

func TestACellOfExcelIsCutAndSaysSo(t *testing.T) {
	for name, cell := range map[string]string{
		"letters":               strings.Repeat("å", excelCell+1),
		"pairs of code units":   strings.Repeat("😀", excelCell/2+1),
		"pairs that would part": "x" + strings.Repeat("😀", excelCell/2+1),
	} {
		cut := shortened(cell, excelCell)
		if n := len(utf16.Encode([]rune(cut))); n > excelCell || n < excelCell-1 || !strings.HasSuffix(cut, "characters in commits.jsonl)") || strings.ContainsRune(cut, '\ufffd') {
			t.Errorf("%s: %d code units, ending in %q", name, n, cut[len(cut)-50:])
		}
	}
	whole := strings.Repeat("å", excelCell)
	if shortened(whole, excelCell) != whole {
		t.Error("a cell of the greatest length is cut")
	}
}
