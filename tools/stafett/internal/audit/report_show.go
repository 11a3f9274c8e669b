package audit

import (
	"fmt"
	"io"

	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func (p *period) showFigures(out io.Writer, figures []report.Figure, threshold int) error {
	if p.format != output.Table {
		return output.Values(out, p.format, figures)
	}
	var rows [][]string
	for _, f := range figures {
		rows = append(rows, []string{f.Table, f.Line, f.Code, count(f), rate(f.Rate), seconds(f.MedianSeconds), seconds(f.P90Seconds)})
	}
	if err := output.Rows(out, []string{"FIGURE", "LINE", "CODE", "COUNT", "RATE", "MEDIAN", "90 OF 100"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nA dot is a count below %d, or one from which such a count could be computed.\n", threshold)
	return err
}

func count(f report.Figure) string {
	switch {
	case f.Suppressed:
		return "."
	case f.Count == nil:
		return ""
	}
	return fmt.Sprint(*f.Count)
}

func rate(r *float64) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100**r)
}

func seconds(s *float64) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%.0f s", *s)
}
