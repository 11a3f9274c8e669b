package desk

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

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

// Run serves until the context ends. If one of them fails, that is logged, and the others go on.
func (e *Evening) Run(ctx context.Context, log *slog.Logger) {
	var all sync.WaitGroup
	for _, d := range e.desks {
		all.Go(func() { failed(log, d.URL(), d.Run(ctx)) })
	}
	all.Go(func() {
		stopped := context.AfterFunc(ctx, func() { e.server.Close() })
		defer stopped()
		if err := e.server.Serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
			failed(log, e.URL(), err)
		}
	})
	all.Wait()
}

func failed(log *slog.Logger, url string, err error) {
	if err != nil {
		log.Error("a desk has failed; the others go on", "url", url, "error", err)
	}
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
