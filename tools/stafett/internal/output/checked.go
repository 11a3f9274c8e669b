package output

import "io"

// Checked is an output that remembers whether something could not be written, so that
// no command that tells only a part ends as if it had told all.
type Checked struct {
	Out io.Writer
	Err error
}

// Write writes until something fails, and nothing after that.
func (c *Checked) Write(p []byte) (n int, err error) {
	if c.Err == nil {
		n, c.Err = c.Out.Write(p)
	}
	return n, c.Err
}
