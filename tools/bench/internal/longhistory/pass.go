package longhistory

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/services/measure"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/stats"
)

// Pass is one start of a platform, and what it cost afterwards.
type Pass struct {
	Commits   uint64
	NATS      time.Duration // until nats-server alone is ready
	Reading   time.Duration // all messages, by a plain consumer
	Answering time.Duration // until a command was answered
	Projected time.Duration // until the services have projected the whole log
	Signed    time.Duration // until audit has signed it
	Compared  time.Duration // until audit has compared it with what was signed
	CPU       time.Duration // by then
	Anonymous int64         // bytes of memory
	Mapped    int64
	Peak      int64

	Offers, Custody, Worklist time.Duration // first answers, p50
	Read                      time.Duration // of one conversation's custody, p50
	Command, CommandCPU       time.Duration // p50, and the process's mean
}

// Run starts the platform in a data folder and measures it. Kind "rebuild" removes the
// projections first.
func Run(ctx context.Context, kind, data string) (pass Pass, err error) {
	if pass.NATS, pass.Reading, err = measure.Floors(ctx, filepath.Join(data, "log"), kind == "rebuild"); err != nil {
		return pass, err
	}
	if kind == "rebuild" {
		if err := removeProjections(data); err != nil {
			return pass, err
		}
	}
	before := stats.CPU()
	began := time.Now()
	p, err := stafett.Start(ctx, data, nil)
	if err != nil {
		return pass, err
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	if err := pass.started(ctx, p, began); err != nil {
		return pass, err
	}
	pass.CPU = stats.CPU() - before
	pass.Anonymous, pass.Mapped, pass.Peak = stats.Memory()
	return pass, pass.use(ctx, p)
}

func removeProjections(data string) error {
	files, err := filepath.Glob(filepath.Join(data, "*", "model.db*"))
	for _, file := range files {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}
