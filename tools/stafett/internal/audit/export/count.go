package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
)

// counted compares the number of rows in a file with the manifest.
func (c check) counted(text *os.File, file File) error {
	if _, err := text.Seek(0, io.SeekStart); err != nil {
		return err
	}
	want, rows, err := c.manifest.Events, 0, error(nil)
	switch file.Format {
	case JSONL:
		want = c.manifest.Commits
		rows, err = c.chained(interruptible{c.ctx, text})
	case CloudEvents:
		want = c.manifest.Commits
		rows, err = countLines(interruptible{c.ctx, text})
	case CSV:
		rows, err = countRecords(interruptible{c.ctx, text}, ',')
	case Excel:
		rows, err = countRecords(interruptible{c.ctx, text}, excelSeparator)
	case Parquet:
		rows, err = countRows(text, file.Bytes)
	}
	if err == nil && (rows != want || rows != file.Rows) {
		err = fmt.Errorf("it has %d rows, the manifest says %d of %d", rows, file.Rows, want)
	}
	return err
}

func countLines(text io.Reader) (rows int, err error) {
	for in := bufio.NewReader(text); ; rows++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return rows, nil
		}
		if err != nil || !bytes.HasPrefix(line, []byte("{")) {
			return rows, fmt.Errorf("line %d is not a whole JSON object", rows+1)
		}
	}
}

func countRecords(text io.Reader, separator rune) (rows int, err error) {
	in := csv.NewReader(text)
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = separator, len(columns), true
	for rows = -1; ; rows++ { // the header does not count as a row
		if _, err := in.Read(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, err
		}
	}
}

func countRows(text io.ReaderAt, size int64) (int, error) {
	file, err := parquet.OpenFile(text, size)
	if err != nil {
		return 0, err
	}
	return int(file.NumRows()), nil
}
