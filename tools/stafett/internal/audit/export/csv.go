package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// columns of the CSV, in order; the Parquet file has the same.
var columns = []string{
	"position", "event_number", "record_time", "subject_kind", "subject_id", "append_number", "service", "caller",
	"command", "event_type", "handover", "offer", "line", "facts", "payload_hash", "previous_hash",
}

// table writes one event per row, in RFC 4180 format but with plain newlines, because the
// library would convert those inside cells too.
type table struct {
	out *csv.Writer
	// most is the maximum number of characters in a cell; 0 for no limit.
	most  int
	count int
}

func newCSV(out io.Writer) (*table, error) {
	t := &table{out: csv.NewWriter(out)}
	return t, t.out.Write(columns)
}

func (t *table) write(stored *auditv1.StoredCommit) error {
	all, err := rows(stored)
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := t.out.Write(t.shorten(r.cells())); err != nil {
			return err
		}
	}
	t.count += len(all)
	return t.close()
}

func (t *table) rows() int { return t.count }

func (t *table) close() error {
	t.out.Flush()
	return t.out.Error()
}

func (r row) cells() []string {
	return []string{
		fmt.Sprint(r.Position), fmt.Sprint(r.EventNumber), r.RecordTime.Format(time.RFC3339Nano),
		harmless(r.SubjectKind), harmless(r.SubjectID), fmt.Sprint(r.AppendNumber),
		harmless(r.Service), harmless(r.Caller), harmless(r.Command), harmless(r.EventType),
		optional(r.Handover), optional(r.Offer), harmless(optional(r.Line)), harmless(r.Facts),
		harmless(r.PayloadHash), harmless(r.PreviousHash),
	}
}

func optional[T any](value *T) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

// formula lists the characters that make a spreadsheet evaluate a cell that begins with
// one, including full-width ones.
const formula = "=+-@\t\r\n＝＋－＠"

// separators begin a new cell, or row, in a spreadsheet that does not separate by commas:
// where commas are decimal separators, as in Norway and Denmark, it is ; or a tab.
const separators = ";\t\r\n"

// harmless puts an apostrophe before anything that a spreadsheet would take for a formula,
// and before an apostrophe, at the beginning and after each separator. Removing the first
// one at these places restores the text.
func harmless(text string) string {
	var safe strings.Builder
	begins := true
	for _, r := range text {
		if begins && strings.ContainsRune(formula+"'", r) {
			safe.WriteByte('\'')
		}
		safe.WriteRune(r)
		begins = strings.ContainsRune(separators, r)
	}
	return safe.String()
}
