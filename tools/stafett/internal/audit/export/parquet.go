package export

import (
	"io"
	"time"

	"github.com/parquet-go/parquet-go"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// group is the number of rows per group in a Parquet file, and in memory.
const group = 50_000

// columnar writes one event per row, in Apache Parquet.
type columnar struct {
	out   *parquet.GenericWriter[row]
	count int
}

func newParquet(out io.Writer) *columnar {
	return &columnar{out: parquet.NewGenericWriter[row](out, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(group))}
}

func (c *columnar) write(stored *auditv1.StoredCommit) error {
	all, err := columnRows(stored)
	if err != nil {
		return err
	}
	c.count += len(all)
	_, err = c.out.Write(all)
	return err
}

// columnRows returns the rows with times in microseconds: some readers, Spark among them,
// refuse nanoseconds.
func columnRows(stored *auditv1.StoredCommit) ([]row, error) {
	all, err := rows(stored)
	for i := range all {
		all[i].RecordTime = all[i].RecordTime.Truncate(time.Microsecond)
	}
	return all, err
}

func (c *columnar) rows() int { return c.count }

func (c *columnar) close() error { return c.out.Close() }
