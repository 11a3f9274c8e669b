// Package recovery opens a new log in place of one that was damaged: that lost what was signed
// or acknowledged, or holds what no service wrote. A person has to decide that, because
// whatever is lost stays lost.
//
// The new log begins with every commit that can be kept, byte for byte, so everything that is
// derived from it is as it was: custody, epochs, consents, deadlines, and the request ids with
// their answers. One more commit names the earlier log, what it had signed, and what is
// missing. The earlier folder is kept untouched, as evidence.
//
// The log of who read the history is recovered in the same way, if it was damaged too.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/internal/staging"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/services/rawlog"
)

// Recovery is a damaged log that was read, before anything is decided.
type Recovery struct {
	// Kept is the number of commits that the new log will have of the earlier one, and KeptTime
	// when the last of them was recorded.
	Kept     int
	KeptTime time.Time
	// KeptAccesses is the number of accesses that the new access log will have, if the earlier
	// one was damaged.
	KeptAccesses int
	// Event is what the new log will say of the earlier one.
	Event *eventv1.LogRecovered
	// Contradicted are the checkpoints, signed by the log's own key, that it does not fit, in
	// words.
	Contradicted []string

	data, work        string // the folder, and its copy in which the new log is made
	lock              io.Closer
	keyring           *signing.Keyring
	server            *server
	history, accesses *earlier
}

// Read copies a data folder, which nobody may be using, and reads its log. A checkpoint that was
// kept elsewhere is optional. It changes nothing in the folder.
func Read(ctx context.Context, data string, checkpoint []byte) (*Recovery, error) {
	r := &Recovery{data: filepath.Clean(data)}
	r.work = r.data + ".recovering"
	if _, err := os.Stat(filepath.Join(data, "signing")); err != nil {
		return nil, fmt.Errorf("%s is not a platform's data folder: %w", data, err)
	}
	lock, err := platform.Lock(data)
	if err != nil {
		return nil, err
	}
	r.lock = lock
	if err := r.read(ctx, checkpoint); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Recovery) read(ctx context.Context, checkpoint []byte) (err error) {
	if err := errors.Join(os.RemoveAll(r.work), copyFolder(r.data, r.work)); err != nil {
		return err
	}
	if r.keyring, err = signing.OpenKeyring(filepath.Join(r.work, "signing")); err != nil {
		return err
	}
	if r.server, err = startServer(filepath.Join(r.work, "log")); err != nil {
		return err
	}
	if err := r.readHistory(ctx, checkpoint); err != nil {
		return err
	}
	return r.readAccesses(ctx)
}

func (r *Recovery) readHistory(ctx context.Context, checkpoint []byte) error {
	signed, err := readSigned(filepath.Join(r.work, "audit"), "places", checkpoint)
	if err != nil {
		return err
	}
	e := &earlier{stream: rawlog.New(r.server.nc, eventlog.Name), genuine: eventlog.Genuine, keyring: r.keyring, signed: signed}
	if err := e.judge(ctx); err != nil {
		return err
	}
	r.history, r.Kept, r.KeptTime, r.Contradicted = e, len(e.kept), e.keptTime, e.contradicted
	r.Event = &eventv1.LogRecovered{
		LogKey: signed.key, Checkpoint: signed.newest, LastPosition: e.last, SameUntil: uint64(e.same.Size()), SameRoot: e.sameRoot(),
		LeftOut: e.leftOut, LeftOutCount: e.missing,
	}
	return nil
}

// readAccesses reads the access log, unless nobody has ever read the history.
func (r *Recovery) readAccesses(ctx context.Context) error {
	signed, err := readSigned(filepath.Join(r.work, "audit", "accesses"), "accesses", nil)
	if err != nil {
		return err
	}
	if there, err := r.server.has(ctx, eventlog.AccessName); err != nil || !there && signed.key == "" {
		return err
	} else if !there {
		if err := r.server.create(ctx, eventlog.AccessConfig()); err != nil {
			return err
		}
	}
	e := &earlier{stream: rawlog.New(r.server.nc, eventlog.AccessName), genuine: eventlog.GenuineAccess, keyring: r.keyring, signed: signed}
	if err := e.judge(ctx); err != nil || !e.damaged() {
		return err
	}
	r.accesses, r.KeptAccesses = e, len(e.kept)
	r.Event.Accesses = &eventv1.RecoveredAccesses{
		LogKey: signed.key, Checkpoint: signed.newest, LastPosition: e.last, SameUntil: uint64(e.same.Size()), SameRoot: e.sameRoot(), LeftOutCount: e.missing,
	}
	return nil
}

// Needed reports whether the log lacks anything or has too much.
func (r *Recovery) Needed() bool { return r.history.damaged() || r.accesses != nil }

// Open makes the new log and puts it in place of the earlier one. It returns the folder to
// which that one was moved.
func (r *Recovery) Open(ctx context.Context, now time.Time) (evidence string, err error) {
	if err := r.write(ctx, now); err != nil {
		return "", err
	}
	r.server.stop()
	r.server = nil
	if err := r.forget(); err != nil {
		return "", err
	}
	evidence = r.data + ".before-" + now.UTC().Format("20060102T150405Z")
	staged := staging.Folder(filepath.Join(r.data, "log"))
	if err := os.Rename(r.data, evidence); err != nil {
		return "", err
	}
	if err := os.Rename(r.work, r.data); err != nil || staged == "" {
		return evidence, err
	}
	return evidence, os.RemoveAll(staged) // of a platform that was killed; nobody was told of what is in it
}

// Close removes the copy, if it did not take the folder's place, and lets go of the folder.
func (r *Recovery) Close() error {
	if r.server != nil {
		r.server.stop()
	}
	return errors.Join(os.RemoveAll(r.work), r.lock.Close())
}
