package page

import "io"

// Index leads to the desks of several lines.
type Index struct {
	Nonce string
	Lines []IndexLine
}

// IndexLine is a line's desk.
type IndexLine struct{ Name, URL string }

// Page writes it.
func (i Index) Page(to io.Writer) error { return write(to, "index", i) }
