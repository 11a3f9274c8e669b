// Package fill makes a log of very many conversations out of a few that a platform has
// recorded: it appends copies of them, each with ids and times of its own, chained, and
// signed with the services' keys. Readers cannot tell a copy from what was played.
//
// It is public for tools/bench, which measures what a long history costs, and for tests that
// hold it. The stream is not synced while it is filled.
package fill

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/services/internal/signing"
)

// Sample names the recorded conversations that are copied.
type Sample struct {
	Whole string // a whole handover, closed
	Short string // opened, joined and closed
	Open  string // opened and joined
}

const (
	// wholeEvery is how many conversations there are for each handover.
	wholeEvery = 10
	// LeftOpen is how many conversations are open at the end, whatever the count: those of
	// one evening.
	LeftOpen = 20
	// Apart is the time from one conversation's beginning to that of the next.
	Apart = 5 * time.Second
)

// Fill appends copies of the sample to the log in the data folder of a platform that has
// stopped. Copies begin Apart from each other, after the sample. It returns how many commits
// the log has then. Progress receives the number of conversations made so far.
func Fill(ctx context.Context, data string, of Sample, count int, progress func(made int)) (commits uint64, err error) {
	log, err := openLog(ctx, filepath.Join(data, "log"))
	if err != nil {
		return 0, err
	}
	defer log.close()
	c, err := newCopier(ctx, log, of, filepath.Join(data, "signing"))
	if err != nil {
		return 0, err
	}
	for made := 0; made < count; made += atOnce {
		if err := c.copies(made, min(made+atOnce, count), count); err != nil {
			return 0, err
		}
		if err := log.publish(ctx, c.ready); err != nil {
			return 0, fmt.Errorf("after %d conversations: %w", made, err)
		}
		progress(min(made+atOnce, count))
	}
	return c.last, log.shorten(ctx)
}

// keysIn opens the keys of the services that write to the history.
func keysIn(folder string) (map[string]*signing.Key, error) {
	keys := map[string]*signing.Key{}
	for _, service := range []string{"intake", "triage", "routing"} {
		key, err := signing.OpenKey(folder, service)
		if err != nil {
			return nil, err
		}
		keys[service] = key
	}
	return keys, nil
}
