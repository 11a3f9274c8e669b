package desk

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/services/desk/internal/page"
	"github.com/stafett/stafett/services/desk/internal/web"
)

// Evening is the desks of several lines on one machine, with a page that leads to all of them.
type Evening struct {
	desks    []*Desk
	listener net.Listener
	server   *http.Server
}

// OpenEvening opens a desk for each configuration, and the page that leads to them at an address.
func OpenEvening(listen string, names map[string]string, configs ...Config) (e *Evening, err error) {
	e = &Evening{}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Close())
		}
	}()
	if e.listener, err = net.Listen("tcp", listen); err != nil {
		return nil, err
	}
	var lines []page.IndexLine
	for _, config := range configs {
		d, err := Open(config)
		if err != nil {
			return nil, err
		}
		e.desks = append(e.desks, d)
		lines = append(lines, page.IndexLine{Name: names[config.Line], URL: d.URL()})
	}
	e.server = &http.Server{Handler: web.Index(e.listener.Addr().String(), lines), ReadHeaderTimeout: 10 * time.Second}
	return e, nil
}

// URL is where the page is that leads to all desks.
func (e *Evening) URL() string { return "http://" + e.listener.Addr().String() }

// Run serves until the context ends, or one of them fails.
func (e *Evening) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, d := range e.desks {
		group.Go(func() error { return d.Run(ctx) })
	}
	group.Go(func() error {
		stopped := context.AfterFunc(ctx, func() { e.server.Close() })
		defer stopped()
		if err := e.server.Serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	return group.Wait()
}

// Close releases what OpenEvening opened. Run does so, too.
func (e *Evening) Close() (err error) {
	if e.listener != nil {
		e.listener.Close()
	}
	for _, d := range e.desks {
		err = errors.Join(err, d.Close())
	}
	return err
}
