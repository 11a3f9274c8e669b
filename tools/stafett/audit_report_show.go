package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/stafett/stafett/tools/internal/output"
	"github.com/stafett/stafett/tools/internal/report"
)

func (p *period) showFigures(out io.Writer, figures []report.Figure, threshold int) error {
	if p.format != output.Table {
		return values(out, p.format, figures)
	}
	var rows [][]string
	for _, f := range figures {
		rows = append(rows, []string{f.Table, f.Line, f.Code, count(f), rate(f.Rate), seconds(f.MedianSeconds), seconds(f.P90Seconds)})
	}
	if err := output.Rows(out, []string{"FIGURE", "LINE", "CODE", "COUNT", "RATE", "MEDIAN", "90 OF 100"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nA dot stands for a count below %d, or for one from which such a count could be worked out.\n", threshold)
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

// values prints values as a JSON array or as a line each.
func values[T any](out io.Writer, format output.Format, all []T) error {
	encoder := json.NewEncoder(out)
	if format == output.JSON {
		encoder.SetIndent("", "  ")
		if all == nil {
			all = []T{}
		}
		return encoder.Encode(all)
	}
	for _, one := range all {
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	return nil
}
