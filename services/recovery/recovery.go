// Package recovery opens a new log in place of one that was damaged: that lost what was signed
// or acknowledged, or holds what no service wrote. A person has to decide that, because
// whatever is lost stays lost.
//
// The new log begins with every commit that can be kept, byte for byte, so everything that is
// derived from it is as it was: custody, epochs, consents, deadlines, and the request ids with
// their answers. One more commit names the earlier log, what it had signed, and what is
// missing. The earlier folder is kept untouched, as evidence.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/platform"
)

// Recovery is a damaged log that was read, before anything is decided.
type Recovery struct {
	// Kept is the number of commits that the new log will have of the earlier one, and KeptTime
	// when the last of them was recorded.
	Kept     int
	KeptTime time.Time
	// Event is what the new log will say of the earlier one.
	Event *eventv1.LogRecovered
	// Contradicted are the checkpoints, signed by the log's own key, that it does not fit, in
	// words.
	Contradicted []string

	data, work string // the folder, and its copy in which the new log is made
	lock       io.Closer
	keyring    *signing.Keyring
	server     *server
	kept       []kept
	leaves     verify.Frontier // over what was stored, until the first difference
	signed     signed
}

// Read copies a data folder, which nobody may be using, and reads its log. A checkpoint that was
// kept elsewhere is optional. It changes nothing in the folder.
func Read(ctx context.Context, data string, checkpoint []byte) (*Recovery, error) {
	r := &Recovery{data: filepath.Clean(data), Event: &eventv1.LogRecovered{}}
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
	if r.signed, err = readSigned(filepath.Join(r.work, "audit"), checkpoint); err != nil {
		return err
	}
	if r.server, err = startServer(filepath.Join(r.work, "log")); err != nil {
		return err
	}
	if err := r.judge(ctx); err != nil {
		return err
	}
	r.addLost()
	r.Event.LogKey, r.Event.Checkpoint = r.signed.key, r.signed.newest
	return nil
}

// Needed reports whether the log lacks anything or has too much.
func (r *Recovery) Needed() bool { return r.Event.LeftOutCount > 0 || len(r.Contradicted) > 0 }

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
	if err := os.Rename(r.data, evidence); err != nil {
		return "", err
	}
	return evidence, os.Rename(r.work, r.data)
}

// forget removes from the copy what was derived from the earlier log, and what names it: the new
// log has a name and a key of its own.
func (r *Recovery) forget() error {
	for _, pattern := range []string{"*/model.db*", "audit/tree.db*", "audit/checkpoint*", "audit/log.vkey"} {
		paths, err := filepath.Glob(filepath.Join(r.work, pattern))
		if err != nil {
			return err
		}
		for _, path := range paths {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(r.work, "audit", "log.origin"), []byte(r.signed.successor()+"\n"), 0o600)
}

// Close removes the copy, if it did not take the folder's place, and lets go of the folder.
func (r *Recovery) Close() error {
	if r.server != nil {
		r.server.stop()
	}
	return errors.Join(os.RemoveAll(r.work), r.lock.Close())
}
