package picture

import (
	"fmt"
	"io"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Sizes of the drawing.
const (
	width, left, right = 1120.0, 165.0, 30.0
	top, laneHeight    = 106.0, 52.0
	rowHeight          = 17.0
	numberRows         = 3 // of milestones' numbers above the lanes
)

// drawing is a conversation's picture that is being drawn.
type drawing struct {
	svg
	*story
	axis *axis
	zone *time.Location
}

// Conversation draws one conversation from its appends, all of them and in order.
// Times are told in a zone.
func Conversation(out io.Writer, appends []*auditv1.StoredAppend, language Language, zone *time.Location) error {
	s, err := read(appends, language)
	if err != nil {
		return err
	}
	d := &drawing{story: s, zone: zone, axis: newAxis(s.instants, left, width-left-right)}
	rows := (len(s.milestones) + 1) / 2
	d.begin(width, d.bottom()+60+float64(rows)*rowHeight, language, fmt.Sprintf(language.of(wordTitle), s.name), d.description())
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

// bottom is where the lanes end.
func (d *drawing) bottom() float64 { return top + float64(len(d.lanes))*laneHeight }

// y is where a lane begins.
func (d *drawing) y(lane string) float64 {
	for i, one := range d.lanes {
		if one == lane {
			return top + float64(i)*laneHeight
		}
	}
	return top
}

// description tells the same in words, to those who do not see the picture.
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
	d.text(20, 24, `font-size="15" font-weight="bold"`, fmt.Sprintf(d.language.of(wordTitle), d.name))
	d.text(20, 42, `fill="#333"`, d.instants[0].In(d.zone).Format("2006-01-02 15:04:05")+" ("+d.zone.String()+"). "+d.language.of(wordLegend))
}

// bridgeBands shade the bridge, behind everything: the child's bar shows when it was
// not there.
func (d *drawing) bridgeBands() {
	for _, bridge := range d.bridges {
		x, to := d.axis.x(bridge.from), d.axis.x(bridge.to)
		d.rect(x, top, to-x, d.bottom()-top, `fill="#000" fill-opacity="0.10"`)
		d.line(x, top, x, d.bottom(), `stroke="#000" stroke-dasharray="2 3"`)
		d.line(to, top, to, d.bottom(), `stroke="#000" stroke-dasharray="2 3"`)
		d.text((x+to)/2, d.bottom()+13, `text-anchor="middle" font-weight="bold"`, d.language.of(wordBridge))
	}
}

func (d *drawing) drawLanes() {
	for _, lane := range d.lanes {
		y, name := d.y(lane), lane
		if lane == "" {
			name = d.language.of(wordChild)
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
	label := fmt.Sprintf(d.language.of(wordEpoch), custody.epoch)
	if w > 7*float64(len(label)) {
		d.text(x+w/2, y+14, `text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke"`, label)
	}
}

// drawOffers frames the time in which a line was asked, with how it ended: a tick,
// a cross, a clock, a zigzag, or a dash where it was taken back.
func (d *drawing) drawOffers() {
	for _, offer := range d.offers {
		x, y := d.axis.x(offer.from), d.y(offer.lane)+15
		to := max(d.axis.x(offer.to), x+3)
		d.rect(x, y, to-x, 9, `fill="#fff" stroke="#000" stroke-width="1.5"`)
		d.path(`fill="none" stroke="#000" stroke-width="2"`, ending(offer.ended), to+3, y+4)
	}
}

// ending is the sign for how an offer ended, to the right of a point.
func ending(state handoverv1.OfferState) string {
	switch state {
	case handoverv1.OfferState_OFFER_STATE_ACCEPTED:
		return "M%s %sl3 4l6 -8"
	case handoverv1.OfferState_OFFER_STATE_DECLINED:
		return "M%s %sm0 -4l7 8m0 -8l-7 8"
	case handoverv1.OfferState_OFFER_STATE_TIMED_OUT:
		return "M%s %sa4 4 0 1 1 8 0a4 4 0 1 1 -8 0m4 -3v3h2"
	case handoverv1.OfferState_OFFER_STATE_UNREACHABLE:
		return "M%s %sl2 -4l3 8l3 -8l2 4"
	}
	return "M%s %sh8"
}

// moves draw an arrow where custody changes hands.
func (d *drawing) moves() {
	for i := 1; i < len(d.custody); i++ {
		before, after := d.custody[i-1], d.custody[i]
		x, from, to := d.axis.x(after.from), d.y(before.lane)+laneHeight-14, d.y(after.lane)+laneHeight-14
		head := 6.0
		if to > from {
			head = -6
		}
		d.line(x, from, x, to+head, `stroke="#000" stroke-width="2.5"`)
		d.path(`fill="#000"`, "M%s %sl-5 %sh10z", x, to, head*1.6)
	}
}
