package eventlog

import (
	"context"
	"time"
)

// ObservedBy returns the same log for a process that hears the time of each commit it reads.
func (l *Log) ObservedBy(observe func(recorded time.Time)) *Log {
	observed := *l
	observed.observe = observe
	return &observed
}

// end is how many of the newest commits ObserveEnd reads. Services whose clocks differ a little
// may have written them in another order than that of their times.
const end = 32

// ObserveEnd reads the newest commits, for their times alone: whoever follows the log says what
// is wrong with one that cannot be read.
func (l *Log) ObserveEnd(ctx context.Context) error {
	last, err := l.Last(ctx)
	if err != nil {
		return err
	}
	for position := max(last, end) - end + 1; position <= last; position++ {
		_, _ = l.read(ctx, position)
	}
	return ctx.Err()
}

// ServerTime is what the nats-server's clock says.
func (l *Log) ServerTime(ctx context.Context) (time.Time, error) {
	info, err := l.info(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return info.TimeStamp, nil
}
