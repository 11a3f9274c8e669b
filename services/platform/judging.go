package platform

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/services/audit"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/integrity"
	"github.com/stafett/stafett/services/internal/tree"
)

// compareAgain is the delay before another comparison after one that the log did not answer.
const compareAgain = 5 * time.Second

// openIntegrity connects to the integrity status of the log. A stream that cannot be read
// counts as one without a status: no child has to wait because of it.
func (r *running) openIntegrity(ctx context.Context) {
	log, err := eventlog.OpenIntegrity(ctx, r.nats, r.replicas, r.keyring, r.key)
	if err != nil && ctx.Err() != nil {
		return // the service was told to stop
	}
	if err != nil {
		r.logger.Error("the integrity status of the log cannot be read or written; delete the stream, and it is created again", "stream", eventlog.IntegrityName, "error", err)
		return
	}
	r.integrity = integrity.New(log, r.clock)
}

// unaltered refuses a log that audit has found altered. Audit itself compares again.
func (r *running) unaltered(ctx context.Context) error {
	if r.integrity == nil || r.name == "audit" {
		return nil
	}
	err := r.integrity.Check(ctx)
	if errors.Is(err, integrity.ErrAltered) {
		return err
	}
	if err != nil {
		r.logger.Error("the integrity status of the log cannot be read", "error", err)
	}
	return nil
}

// watchIntegrity ends the service once audit finds the log altered.
func (r *running) watchIntegrity(ctx context.Context) error {
	if r.integrity == nil {
		return nil
	}
	return r.integrity.Watch(ctx, r.logger)
}

// openAudit lets audit compare the end of the log with what was signed, and then vouch for it to the
// other services. If the log was found altered before, all of it is compared before.
func (r *running) openAudit(ctx context.Context, deps dependencies.Set, tiles audit.Tiles) (dependencies.Service, error) {
	if err := r.log.Pin(ctx); err != nil {
		return nil, err
	}
	opened, err := r.openCompared(ctx, deps, tiles)
	if err == nil {
		r.log.Vouch()
	}
	return opened, err
}

func (r *running) openCompared(ctx context.Context, deps dependencies.Set, tiles audit.Tiles) (dependencies.Service, error) {
	opened, err := audit.Open(ctx, deps, tiles, r.kept)
	if err != nil {
		return nil, r.judge(ctx, err)
	}
	if r.integrity == nil || !errors.Is(r.integrity.Check(ctx), integrity.ErrAltered) {
		return opened, nil
	}
	r.logger.Warn("the log was found altered before, so all of it is compared before any service starts")
	if err := r.judge(ctx, opened.Compare(ctx)); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return opened, nil
}

// awaitAudit waits until audit, in another process, vouches for the log, for what a service commits before
// it runs.
func (r *running) awaitAudit(ctx context.Context) error {
	r.logger.Warn(waiting)
	group, ctx := errgroup.WithContext(ctx)
	ctx, heard := context.WithCancel(ctx)
	group.Go(func() error { return r.watchIntegrity(ctx) })
	group.Go(func() error {
		defer heard()
		return r.log.HearVouching(ctx)
	})
	return group.Wait()
}

const waiting = "nothing is recorded before audit has compared the log; start audit, or start this service with --without-audit once you know that the log is not an older one"

// tellOfAudit says in the service's health, and in its log, whether it waits for audit.
func (r *running) tellOfAudit(ctx context.Context) error {
	if !r.waits {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.log.Vouched():
			r.tellServing()
			r.logger.Info("audit has compared the log")
			return nil
		case <-r.clock.After(sayEvery):
			r.logger.Warn(waiting)
		}
	}
}

// compareBeside lets audit compare the whole log while everything is served, and records the
// finding for the other services.
func (r *running) compareBeside(ctx context.Context) error {
	guard, ok := r.service.(*audit.Service)
	if !ok {
		return nil
	}
	for began := r.clock.Now(); ; {
		err := r.judge(ctx, guard.Compare(ctx))
		if err == nil {
			r.logger.Info("the whole log is as it was signed", "took", r.clock.Since(began))
		}
		if err == nil || errors.Is(err, history.ErrAltered) || errors.Is(err, tree.ErrDamaged) {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		r.logger.Warn("the log could not be compared with what was signed; retrying", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-r.clock.After(compareAgain):
		}
	}
}

// follow runs the service. If audit finds the log altered on the way, it records that for the
// others before it stops.
func (r *running) follow(ctx context.Context) error {
	err := r.service.Run(ctx)
	if err != nil && r.name == "audit" {
		return r.judge(ctx, err)
	}
	return err
}

// judge records for the others whether the error of a comparison means that the log was altered,
// and returns it. Other errors are not evidence either way.
func (r *running) judge(ctx context.Context, err error) error {
	altered := errors.Is(err, history.ErrAltered)
	if r.integrity == nil || err != nil && !altered {
		return err
	}
	if failed := r.integrity.Record(context.WithoutCancel(ctx), altered); failed != nil {
		r.logger.Error("the other services could not be told whether the log was altered", "altered", altered, "error", failed)
	}
	return err
}

// runBeside runs a service among the others of this process. If audit stops, the history
// cannot be read but everything else goes on, unless the log was altered.
func (r *running) runBeside(ctx context.Context) error {
	err := r.run(ctx)
	if r.name != "audit" || err == nil || errors.Is(err, history.ErrAltered) {
		return err
	}
	r.logger.Error("audit has stopped: nobody can read the history until the platform is restarted; everything else continues", "error", err)
	return nil
}
