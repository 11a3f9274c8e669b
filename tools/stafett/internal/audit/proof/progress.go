package proof

import (
	"fmt"
	"io"
	"time"

	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// progress shows progress, on a terminal only.
type progress struct {
	out   io.Writer
	what  string
	shown time.Time
}

func newProgress(out io.Writer, what string) *progress {
	if !output.Terminal(out) {
		out = nil
	}
	return &progress{out: out, what: what}
}

// often is the interval between updates of the terminal.
const often = 100 * time.Millisecond

func (p *progress) at(done, all int64) {
	if p.out == nil || time.Since(p.shown) < often {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.out, "\r%d of %d %s (%d%%)   ", done, all, p.what, 100*done/max(all, 1))
}

func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\033[K")
	}
}
