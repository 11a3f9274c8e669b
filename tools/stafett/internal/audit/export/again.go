package export

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"slices"

	"github.com/parquet-go/parquet-go"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// errOther means that a file disagrees with the JSON lines.
var errOther = errors.New("it does not say what the JSON lines say; do not use it, and ask who made it")

// again compares a file with the commits of the JSON lines, one after the other.
type again interface {
	// next fails if the file does not continue with the output for this commit.
	next(*auditv1.StoredCommit) error
	// ends fails if the file continues.
	ends() error
}

func newAgain(format Format, file *os.File, size int64) (again, error) {
	if format == Parquet {
		return newColumnsAgain(file, size)
	}
	text := &textAgain{file: bufio.NewReader(file)}
	var err error
	text.encoder, err = newEncoder(format, &text.made)
	return text, err
}

// textAgain regenerates a file, and compares it byte for byte.
type textAgain struct {
	encoder
	made bytes.Buffer
	file *bufio.Reader
}

func (t *textAgain) next(stored *auditv1.StoredCommit) error {
	if err := t.write(stored); err != nil {
		return err
	}
	return t.same()
}

// same compares what was generated since the last call.
func (t *textAgain) same() error {
	there := make([]byte, t.made.Len())
	if _, err := io.ReadFull(t.file, there); err != nil || !bytes.Equal(there, t.made.Bytes()) {
		return errOther
	}
	t.made.Reset()
	return nil
}

func (t *textAgain) ends() error {
	if err := t.close(); err != nil {
		return err
	}
	if err := t.same(); err != nil {
		return err
	}
	if _, err := t.file.ReadByte(); !errors.Is(err, io.EOF) {
		return errOther
	}
	return nil
}

// columnsAgain compares the rows of a Parquet file, not its bytes: other versions of the
// library may encode the same rows differently.
type columnsAgain struct{ file *parquet.GenericReader[row] }

func newColumnsAgain(file *os.File, size int64) (again, error) {
	opened, err := parquet.OpenFile(file, size)
	if err != nil {
		return nil, err
	}
	if opened.Schema().String() != parquet.SchemaOf(row{}).String() {
		return nil, errors.New("it has other columns than an export")
	}
	return columnsAgain{parquet.NewGenericReader[row](opened)}, nil
}

func (c columnsAgain) next(stored *auditv1.StoredCommit) error {
	want, err := columnRows(stored)
	if err != nil {
		return err
	}
	got := make([]row, len(want))
	if n, err := c.file.Read(got); n < len(want) || err != nil && !errors.Is(err, io.EOF) {
		return errors.Join(errOther, err)
	}
	if !slices.EqualFunc(got, want, func(a, b row) bool { return slices.Equal(a.cells(), b.cells()) }) {
		return errOther
	}
	return nil
}

// ends checks nothing: the rows were already counted.
func (c columnsAgain) ends() error { return c.file.Close() }
