package picture

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// drawOffers frames the time during which a line was asked, with a sign for how the offer
// ended: a tick, a cross, a clock, a zigzag, or a dash if it was withdrawn.
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

// moves draws an arrow at each transfer of custody.
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
