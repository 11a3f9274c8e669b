package export_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

// BenchmarkExport exports the history of a handover in all formats.
func BenchmarkExport(b *testing.B) {
	commits, folder := historytest.History(b, "1-called-off"), b.TempDir()
	for i := 0; b.Loop(); i++ {
		e, err := export.Create(filepath.Join(folder, strconv.Itoa(i)), export.Formats)
		if err != nil {
			b.Fatal(err)
		}
		for _, stored := range commits {
			if err := e.Add(stored); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := e.Finish(about(commits), 100); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(commits)*b.N)/b.Elapsed().Seconds(), "commits/s")
}
