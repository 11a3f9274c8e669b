package export

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// Format is an encoding of commits.
type Format string

// The supported formats.
const (
	JSONL       Format = "jsonl"       // one commit per line
	CloudEvents Format = "cloudevents" // one CloudEvent per line
	CSV         Format = "csv"         // one event per row
	Excel       Format = "excel"       // one event per row, in CSV as Excel opens it
	Parquet     Format = "parquet"     // one event per row
)

// Formats lists all formats.
var Formats = []Format{JSONL, CSV, Excel, Parquet, CloudEvents}

// ParseFormats parses a list such as "jsonl,csv".
func ParseFormats(text string) ([]Format, error) {
	var formats []Format
	for name := range strings.SplitSeq(text, ",") {
		format := Format(strings.TrimSpace(name))
		if !slices.Contains(Formats, format) || slices.Contains(formats, format) {
			return nil, fmt.Errorf("%q: write each of %v at most once, with commas", name, Formats)
		}
		formats = append(formats, format)
	}
	return formats, nil
}

var fileNames = map[Format]string{
	JSONL: "commits.jsonl", CloudEvents: "cloudevents.jsonl", CSV: "events.csv", Excel: "events-excel.csv", Parquet: "events.parquet",
}

// encoder writes commits in a format. Rows returns the number of rows written.
type encoder interface {
	write(*auditv1.StoredCommit) error
	close() error
	rows() int
}

// output is a file in progress.
type output struct {
	encoder
	format Format
	file   *os.File
	buffer *bufio.Writer
	hash   hash.Hash
	size   int64
}

func newOutput(folder string, format Format) (*output, error) {
	file, err := os.OpenFile(filepath.Join(folder, fileNames[format]), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	out := &output{format: format, file: file, hash: sha256.New()}
	out.buffer = bufio.NewWriter(io.MultiWriter(file, out.hash, (*counter)(&out.size)))
	out.encoder, err = newEncoder(format, out.buffer)
	return out, err
}

func newEncoder(format Format, out io.Writer) (encoder, error) {
	switch format {
	case JSONL:
		return newJSONL(out), nil
	case CloudEvents:
		return newCloudEvents(out), nil
	case CSV:
		return newCSV(out)
	case Excel:
		return newExcel(out)
	}
	return newParquet(out), nil
}

// close syncs the file to disk, and returns its manifest entry.
func (o *output) close() (File, error) {
	for _, step := range []func() error{o.encoder.close, o.buffer.Flush, o.file.Sync, o.file.Close} {
		if err := step(); err != nil {
			return File{}, fmt.Errorf("%s: %w", o.file.Name(), err)
		}
	}
	return File{
		Name: filepath.Base(o.file.Name()), Format: o.format, Rows: o.rows(), Bytes: o.size, SHA256: fmt.Sprintf("%x", o.hash.Sum(nil)),
	}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
