package picture

import (
	"fmt"
	"io"
	"time"

	"github.com/stafett/stafett/pkg/i18n"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// Sizes of the drawing.
const (
	width, left, right = 1120.0, 165.0, 30.0
	top, laneHeight    = 106.0, 52.0
	rowHeight          = 17.0
	numberRows         = 3 // rows for milestone numbers above the lanes
)

// drawing is a picture of a conversation in progress.
type drawing struct {
	svg
	*story
	axis *axis
	zone *time.Location
}

// Conversation draws one conversation from its commits, which must be complete and in
// order. Times are shown in the given zone.
func Conversation(out io.Writer, commits []*auditv1.StoredCommit, language i18n.Language, zone *time.Location) error {
	s, err := read(commits, language)
	if err != nil {
		return err
	}
	d := &drawing{story: s, zone: zone, axis: newAxis(s.instants, left, width-left-right)}
	rows := (len(s.milestones) + 1) / 2
	d.begin(width, d.bottom()+60+float64(rows)*rowHeight, language, say(language, "title", s.name), d.description())
	d.heading()
	d.bridgeBands()
	d.drawLanes()
	d.drawOffers()
	d.moves()
	d.numbers()
	d.list(rows)
	d.end()
	_, err = d.WriteTo(out)
	return err
}

// bottom is the y coordinate where the lanes end.
func (d *drawing) bottom() float64 { return top + float64(len(d.lanes))*laneHeight }

// y is the y coordinate where a lane begins.
func (d *drawing) y(lane string) float64 {
	for i, one := range d.lanes {
		if one == lane {
			return top + float64(i)*laneHeight
		}
	}
	return top
}

// description is the text alternative of the picture.
func (d *drawing) description() string {
	text := ""
	for i, m := range d.milestones {
		text += fmt.Sprintf("%d. %s %s. ", i+1, d.clock(m.at), m.text)
	}
	return text
}

func (d *drawing) clock(at time.Time) string {
	if day, first := at.In(d.zone).Format("2006-01-02"), d.instants[0].In(d.zone).Format("2006-01-02"); day != first {
		return at.In(d.zone).Format("2006-01-02 15:04:05")
	}
	return at.In(d.zone).Format("15:04:05")
}

func (d *drawing) heading() {
	d.text(20, 24, `font-size="15" font-weight="bold"`, say(d.language, "title", d.name))
	d.text(20, 42, `fill="#333"`, d.instants[0].In(d.zone).Format("2006-01-02 15:04:05")+" ("+d.zone.String()+"). "+say(d.language, "legend"))
}

// bridgeBands shade the bridge behind everything else: the child's bar shows when it was
// absent.
func (d *drawing) bridgeBands() {
	for _, bridge := range d.bridges {
		x, to := d.axis.x(bridge.from), d.axis.x(bridge.to)
		d.rect(x, top, to-x, d.bottom()-top, `fill="#000" fill-opacity="0.10"`)
		d.line(x, top, x, d.bottom(), `stroke="#000" stroke-dasharray="2 3"`)
		d.line(to, top, to, d.bottom(), `stroke="#000" stroke-dasharray="2 3"`)
		d.text((x+to)/2, d.bottom()+13, `text-anchor="middle" font-weight="bold"`, say(d.language, "bridge"))
	}
}

func (d *drawing) drawLanes() {
	for _, lane := range d.lanes {
		y, name := d.y(lane), lane
		if lane == "" {
			name = say(d.language, "child")
		}
		d.line(20, y, width-right, y, `stroke="#999" stroke-width="0.7"`)
		d.text(20, y+laneHeight/2+4, `font-weight="bold"`, name)
		for _, present := range d.present {
			if present.lane == lane {
				x := d.axis.x(present.from)
				d.rect(x, y+6, d.axis.x(present.to)-x, 5, `fill="#222"`)
			}
		}
	}
	d.line(20, d.bottom(), width-right, d.bottom(), `stroke="#999" stroke-width="0.7"`)
	for _, custody := range d.custody {
		d.band(custody)
	}
	for _, x := range d.axis.breaks {
		d.text(x, d.bottom()+13, `text-anchor="middle" font-weight="bold"`, "//")
	}
}

// band draws who has custody, with a pattern and a word.
func (d *drawing) band(custody *span) {
	x, y := d.axis.x(custody.from), d.y(custody.lane)+laneHeight-24
	w := d.axis.x(custody.to) - x
	d.rect(x, y, w, 20, fmt.Sprintf(`fill="url(#band%d)" stroke="#000"`, (custody.epoch-1)%4))
	label := say(d.language, "epoch", custody.epoch)
	if w > 7*float64(len(label)) {
		d.text(x+w/2, y+14, `text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke"`, label)
	}
}
