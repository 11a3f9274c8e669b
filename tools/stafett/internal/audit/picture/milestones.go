package picture

import "fmt"

// numbers marks the milestones above the lanes, in as many rows as it takes to avoid
// overlaps.
func (d *drawing) numbers() {
	var last [numberRows]float64
	for i, m := range d.milestones {
		x, row := d.axis.x(m.at), 0
		for row < numberRows-1 && last[row] > 0 && x < last[row]+18 {
			row++
		}
		shown := max(x, last[row]+18)
		if last[row] == 0 {
			shown = x
		}
		last[row] = shown
		y := top - 12 - float64(row)*17
		d.line(x, y, x, d.bottom(), `stroke="#000" stroke-width="0.4" stroke-opacity="0.5"`)
		d.path(`fill="#fff" stroke="#000"`, "M%s %sm-8 0a8 8 0 1 1 16 0a8 8 0 1 1 -16 0", shown, y)
		d.text(shown, y+4, `text-anchor="middle" font-size="10"`, fmt.Sprint(i+1))
	}
}

// list prints the milestones below the lanes, in two columns.
func (d *drawing) list(rows int) {
	y := d.bottom() + 36
	for i, m := range d.milestones {
		x := 20 + float64(i/rows)*(width-40)/2
		d.text(x, y+float64(i%rows)*rowHeight, "", fmt.Sprintf("%d  %s  %s", i+1, d.clock(m.at), m.text))
	}
	d.text(20, y+float64(rows)*rowHeight, `fill="#333" font-size="10"`, say(d.language, "scale"))
	d.text(20, y+float64(rows)*rowHeight+14, `fill="#333" font-size="10"`, say(d.language, "signs"))
}
