package line

import (
	"context"
	"time"

	"github.com/stafett/stafett/pkg/client"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// directory reads the lines, and again every minute.
func (l *Line) directory(ctx context.Context) {
	for every := time.NewTicker(time.Minute); ; {
		l.fail("the directory was not read", l.readLines(ctx))
		select {
		case <-ctx.Done():
			every.Stop()
			return
		case <-every.C:
		}
	}
}

func (l *Line) readLines(ctx context.Context) error {
	for page := ""; ; {
		var answer *routingv1.ListLinesResponse
		err := client.Retry(ctx, func(ctx context.Context) (err error) {
			answer, err = l.Platform.Directory.ListLines(ctx, &routingv1.ListLinesRequest{PageToken: page})
			return err
		})
		if err != nil {
			return err
		}
		l.mu.Lock()
		for _, line := range answer.Lines {
			l.lines[line.Name] = line
		}
		l.mu.Unlock()
		if page = answer.NextPageToken; page == "" {
			l.Hub.Changed("")
			return nil
		}
	}
}

// Line returns what the directory says of a line, or nil.
func (l *Line) Line(name string) *routingv1.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines[name]
}

// Zone is the line's time zone.
func (l *Line) Zone() *time.Location {
	zone, err := time.LoadLocation(l.Line(l.Name()).GetTimeZone())
	if err != nil {
		return time.UTC
	}
	return zone
}

// watchCustody keeps what the line's supervisors must know.
func (l *Line) watchCustody(ctx context.Context) error {
	return client.Watch(ctx, l.Platform.Routing.WatchCustody, &routingv1.WatchCustodyRequest{}, func(r *routingv1.WatchCustodyResponse) error {
		l.mu.Lock()
		l.calls[r.Conversation] = r
		l.mu.Unlock()
		l.Hub.Changed("")
		return nil
	})
}
