package picture

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
)

const (
	chartTop, chartRow = 70.0, 64.0
	plotHeight         = 44.0
)

// chart is a chart of an evening in progress.
type chart struct {
	svg
	language i18n.Language
	zone     *time.Location
	from, to time.Time
	row      int
}

// Evening draws how many conversations were open from one instant to another, and how many
// each line had custody of. Time is to scale.
func Evening(out io.Writer, custody *report.Custody, from, to time.Time, language i18n.Language, zone *time.Location) error {
	if !from.Before(to) {
		return fmt.Errorf("%s does not lie before %s", from, to)
	}
	stretches := custody.Stretches(from, to)
	lines := linesOf(stretches)
	c := &chart{language: language, zone: zone, from: from, to: to}
	title := say(language, "evening", c.label(from, "2006-01-02 15:04"), c.label(to, "2006-01-02 15:04"))
	c.begin(width, chartTop+chartRow*float64(len(lines)+1)+40, language, title, title)
	c.text(20, 24, `font-size="15" font-weight="bold"`, title)
	c.text(20, 42, `fill="#333"`, zone.String()+". "+say(language, "moves"))
	c.hours(len(lines) + 1)
	c.steps(say(language, "open"), stretches, `fill="#bbb" stroke="#000"`)
	for i, line := range lines {
		c.steps(line, slices.DeleteFunc(slices.Clone(stretches), func(s *report.Stretch) bool { return s.Line != line }),
			fmt.Sprintf(`fill="url(#band%d)" stroke="#000"`, i%4))
	}
	c.end()
	_, err := c.WriteTo(out)
	return err
}

func linesOf(stretches []*report.Stretch) []string {
	var lines []string
	for _, s := range stretches {
		if !slices.Contains(lines, s.Line) {
			lines = append(lines, s.Line)
		}
	}
	slices.Sort(lines)
	return lines
}

func (c *chart) label(at time.Time, layout string) string { return at.In(c.zone).Format(layout) }

func (c *chart) x(at time.Time) float64 {
	part := at.Sub(c.from).Seconds() / c.to.Sub(c.from).Seconds()
	return left + (width-left-right)*min(max(part, 0), 1)
}

// spacings of the grid lines; the chart uses the first that gives at most twelve.
var spacings = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// hours draws and labels the grid lines.
func (c *chart) hours(rows int) {
	spacing := 7 * 24 * time.Hour
	for _, one := range spacings {
		if c.to.Sub(c.from) <= 12*one {
			spacing = one
			break
		}
	}
	layout, bottom := "15:04", chartTop+chartRow*float64(rows)
	if spacing >= 24*time.Hour {
		layout = "01-02"
	}
	for at := c.from.Truncate(spacing); !at.After(c.to); at = at.Add(spacing) {
		if at.Before(c.from) {
			continue
		}
		c.line(c.x(at), chartTop, c.x(at), bottom, `stroke="#999" stroke-width="0.5"`)
		c.text(c.x(at), bottom+16, `text-anchor="middle"`, c.label(at, layout))
	}
}

// change is an instant at which a count rises or falls.
type change struct {
	at time.Time
	by int
}

// steps draws the number of stretches over time, and a triangle where custody came from
// another line.
func (c *chart) steps(name string, stretches []*report.Stretch, style string) {
	base := chartTop + chartRow*float64(c.row) + plotHeight + 10
	c.row++
	changes := c.changes(stretches)
	most, count := 1, 0
	for _, one := range changes {
		count += one.by
		most = max(most, count)
	}
	commands, numbers := "M%s %s", []float64{c.x(c.from), base}
	count = 0
	for _, one := range changes {
		count += one.by
		commands += "H%sV%s"
		numbers = append(numbers, c.x(one.at), base-plotHeight*float64(count)/float64(most))
	}
	c.path(style, commands+"H%sV%sz", append(numbers, c.x(c.to), base)...)
	c.text(20, base-plotHeight/2, `font-weight="bold"`, name)
	c.text(20, base-plotHeight/2+15, `fill="#333" font-size="10"`, say(c.language, "most", most))
	for _, s := range stretches {
		if s.Epoch > 1 && name == s.Line && !s.From.Before(c.from) {
			c.path(`fill="#000"`, "M%s %sl-4 -7h8z", c.x(s.From), base+8)
		}
	}
}

// changes returns the instants at which the number of stretches changes, in order.
func (c *chart) changes(stretches []*report.Stretch) []change {
	var all []change
	for _, s := range stretches {
		all = append(all, change{s.From, 1})
		if s.To != nil && s.To.Before(c.to) {
			all = append(all, change{*s.To, -1})
		}
	}
	slices.SortFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
	return together(all)
}

// together merges changes at the same instant: a transfer of custody does not change the
// total.
func together(all []change) (merged []change) {
	for _, one := range all {
		if n := len(merged); n > 0 && merged[n-1].at.Equal(one.at) {
			merged[n-1].by += one.by
			continue
		}
		merged = append(merged, one)
	}
	return merged
}
