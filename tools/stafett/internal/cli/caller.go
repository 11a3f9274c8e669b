package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

// answerWithin is how long the platform may take to answer about lines.
const answerWithin = 10 * time.Second

// Caller is who asks a platform, at which time, and in which language the answer is shown.
type Caller struct {
	Target Target
	Line   string // empty means the operator
	Lang   wording.Language
	Clock  clockwork.Clock
}

// AsOperator adds the flags that name a platform to a command.
func AsOperator(command *cobra.Command, clock clockwork.Clock) *Caller {
	c := &Caller{Clock: clock, Lang: wording.In(i18n.English)}
	c.Target.Flags(command.Flags(), "stafett-data")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	return c
}

// AsLine is for commands that a line may use as well, and that speak of lines.
func AsLine(command *cobra.Command, clock clockwork.Clock) *Caller {
	c := AsOperator(command, clock)
	command.Flags().StringVar(&c.Line, "as", "", "act as this `line`, with its certificate; default: the operator")
	command.Flags().Var(&c.Lang, "lang", "nb, da or en")
	return c
}

// Ask connects, and calls what with a deadline for the answer.
func (c *Caller) Ask(ctx context.Context, what func(context.Context, *client.Platform) error) error {
	kind, name := "operator", "operator"
	if c.Line != "" {
		kind, name = "line", LineID(c.Line)
	}
	if err := c.certified(kind, name); err != nil {
		return err
	}
	connected, err := c.Target.As(kind, name)
	if err != nil {
		return err
	}
	defer connected.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return what(ctx, connected)
}

// certified refuses callers without a certificate, before four services are dialled in
// vain.
func (c *Caller) certified(kind, name string) error {
	_, identity, err := c.Target.Find()
	if err != nil {
		return err
	}
	_, err = os.Stat(platform.Credentials(identity, kind, name).Cert)
	if errors.Is(err, fs.ErrNotExist) {
		return Usagef("%s has no certificate for %s %s; create one with \"stafett certify\", or act as another peer", identity, kind, name)
	}
	return err
}

// Folder is that of the platform's certificates, as certify takes it.
func (c *Caller) Folder() string {
	if c.Target.Identity != "" {
		return filepath.Dir(filepath.Clean(c.Target.Identity))
	}
	return c.Target.Data
}

// LineName is a line's resource name, of its name or its id.
func LineName(text string) string { return "lines/" + LineID(text) }

// LineID is a line's id, of its name or its id.
func LineID(text string) string { return strings.TrimPrefix(text, "lines/") }

// AllLines returns the lines of the directory, sorted by name.
func AllLines(ctx context.Context, p *client.Platform) (all []*handoverv1.Line, err error) {
	request := &routingv1.ListLinesRequest{}
	for {
		page, err := p.Directory.ListLines(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, line := range page.Lines {
			all = append(all, view.Facts(line))
		}
		if request.PageToken = page.NextPageToken; request.PageToken == "" {
			return all, nil
		}
	}
}
