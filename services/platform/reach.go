package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"
)

// errNotSynced: the service refuses to start on such a server.
var errNotSynced = errors.New("it acknowledges before it has synced to disk, so a power cut would lose what callers were told is safe; set jetstream { sync_interval: always }")

// errAway means that the nats-server does not answer, which may pass.
var errAway = errors.New("the nats-server does not answer")

// reach connects once the nats-server is there, and refuses a server that does not sync
// every message.
func (c ServeConfig) reach(ctx context.Context) (nc *nats.Conn, err error) {
	err = patiently(ctx, c.Logger, func() error {
		synced, err := syncsAlways(ctx, c.Monitor)
		if err != nil {
			return fmt.Errorf("%w at %s: %w", errAway, c.Monitor, err)
		}
		if !synced {
			return fmt.Errorf("nats-server at %s: %w", c.Monitor, errNotSynced)
		}
		if nc, err = c.connect(); errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) {
			return fmt.Errorf("%w at %s: %w", errAway, c.NATS, err)
		}
		if err != nil {
			return fmt.Errorf("NATS at %s: %w", c.NATS, err)
		}
		return nil
	})
	return nc, err
}

const (
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
	// sayEvery is the interval of the lines that say what a service waits for.
	sayEvery = time.Minute
)

// patiently tries again while the nats-server is away, with growing pauses and one line a
// minute.
func patiently(ctx context.Context, logger *slog.Logger, try func() error) error {
	var said time.Time
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := try()
		if err != nil && !errors.Is(err, errAway) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(growing()), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, _ time.Duration) {
		if time.Since(said) >= sayEvery {
			logger.Warn("waiting for the nats-server; this is said once a minute", "error", err)
			said = time.Now()
		}
	}))
	return err
}

func growing() backoff.BackOff {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval, pauses.Multiplier, pauses.RandomizationFactor = firstPause, longestPause, 2, 0
	return pauses
}
