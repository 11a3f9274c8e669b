// Package vault keeps sealed blobs, and the grants of keys to them, outside the log, so that they
// can really be deleted. The log holds only a commitment to each blob and the hash of each grant.
//
// Not trusted with content, which lines seal. Whoever can write to the file can make a blob
// unreadable; a reader detects that by its commitment.
package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/services/internal/boltfile"
)

// ErrNotFound: the vault does not have the blob, because it was erased or never stored.
var ErrNotFound = errors.New("the vault has no such blob")

var (
	blobs     = []byte("blobs")
	meta      = []byte("meta")
	secretKey = []byte("secret")
)

const saltSize = sha256.Size

// Blob is the sealed bytes, and their commitment with its salt: SHA-256 over salt and bytes.
type Blob struct {
	Sealed     []byte
	Salt       []byte
	Commitment []byte
}

type Vault struct {
	db *boltfile.File
	// secret derives salts that are unguessable and that a repeated Put derives again.
	secret []byte
}

// Open opens the vault in a file, creating the file if necessary. Errors: boltfile.ErrDamaged,
// also for the file of something else.
func Open(path string) (*Vault, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	db, err := boltfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vault %s: %w", path, err)
	}
	v := &Vault{db: db}
	if err := db.Update(v.create); err != nil {
		db.Close()
		return nil, fmt.Errorf("vault %s: %w", path, err)
	}
	return v, nil
}

func (v *Vault) create(tx *bbolt.Tx) error {
	if err := tx.ForEach(own); err != nil {
		return err
	}
	if _, err := tx.CreateBucketIfNotExists(blobs); err != nil {
		return err
	}
	bucket, err := tx.CreateBucketIfNotExists(meta)
	if err != nil {
		return err
	}
	v.secret = bytes.Clone(bucket.Get(secretKey))
	if v.secret == nil {
		v.secret = []byte(rand.Text())
	}
	return bucket.Put(secretKey, v.secret)
}

// Watch returns boltfile.ErrDamaged once the file is found damaged, and nil when the context
// ends.
func (v *Vault) Watch(ctx context.Context) error { return v.db.Watch(ctx) }

// own refuses a bucket that no vault has.
func own(name []byte, _ *bbolt.Bucket) error {
	if bytes.Equal(name, blobs) || bytes.Equal(name, meta) {
		return nil
	}
	return fmt.Errorf("%w: it has %q, which is not of a vault", boltfile.ErrDamaged, name)
}

// Close closes the file.
func (v *Vault) Close() error { return v.db.Close() }

// Seal makes the blob of sealed bytes. The same bytes under the same nonce have the same
// commitment.
func (v *Vault) Seal(conversation, nonce string, sealed []byte) Blob {
	mac := hmac.New(sha256.New, v.secret)
	mac.Write([]byte(conversation + "\x00" + nonce))
	salt := mac.Sum(nil)
	return Blob{Sealed: sealed, Salt: salt, Commitment: seal.Commitment(salt, sealed)}
}

// Grant is a grant of a key. It needs no salt: its hash, by which the log knows it, tells nothing.
func Grant(hash, content []byte) Blob {
	return Blob{Sealed: content, Salt: make([]byte, saltSize), Commitment: hash}
}

// Put stores a blob of a conversation. It is on disk when Put returns.
func (v *Vault) Put(conversation string, b Blob, now time.Time) error {
	value := binary.BigEndian.AppendUint64(nil, uint64(now.Unix()))
	value = slices.Concat(value, b.Salt, b.Sealed)
	return v.db.Batch(func(tx *bbolt.Tx) error {
		return tx.Bucket(blobs).Put(key(conversation, b.Commitment), value)
	})
}

// Get reads a blob. Errors: ErrNotFound.
func (v *Vault) Get(conversation string, commitment []byte) (Blob, error) {
	var blob Blob
	err := v.db.View(func(tx *bbolt.Tx) error {
		value := bytes.Clone(tx.Bucket(blobs).Get(key(conversation, commitment)))
		if len(value) < 8+saltSize {
			return ErrNotFound
		}
		blob = Blob{Salt: value[8 : 8+saltSize], Sealed: value[8+saltSize:], Commitment: commitment}
		return nil
	})
	return blob, err
}

// Has calls do with a function that reports whether a blob is there.
func (v *Vault) Has(do func(has func(conversation string, commitment []byte) bool)) error {
	return v.db.View(func(tx *bbolt.Tx) error {
		do(func(conversation string, commitment []byte) bool {
			return tx.Bucket(blobs).Get(key(conversation, commitment)) != nil
		})
		return nil
	})
}

// atOnce is how many blobs are looked at in one transaction. A long one would keep the file from
// growing, and words from being stored.
const atOnce = 1000

// Sweep removes blobs that were stored before an instant and are not wanted: their command was
// never recorded, because the service died between the two. Blobs can be stored meanwhile.
func (v *Vault) Sweep(ctx context.Context, before time.Time, wanted func(conversation string, commitment []byte) bool) error {
	for after := []byte(nil); ctx.Err() == nil; {
		old, last, err := v.oldAfter(after, before)
		if err != nil || last == nil {
			return err
		}
		orphans := slices.DeleteFunc(old, func(k []byte) bool {
			conversation, commitment, _ := bytes.Cut(k, []byte{0})
			return wanted(string(conversation), commitment)
		})
		if err := v.remove(orphans, before); err != nil {
			return err
		}
		after = last
	}
	return ctx.Err()
}

// oldAfter returns the old ones of the blobs after a key, and the last key that it looked at.
func (v *Vault) oldAfter(after []byte, before time.Time) (old [][]byte, last []byte, err error) {
	err = v.db.View(func(tx *bbolt.Tx) error {
		for k, value := range boltfile.After(tx.Bucket(blobs), after, atOnce) {
			last = bytes.Clone(k)
			isOld, err := older(value, before)
			if err != nil {
				return err
			}
			if isOld {
				old = append(old, last)
			}
		}
		return nil
	})
	return old, last, err
}

// remove removes blobs, but for those that were stored again.
func (v *Vault) remove(orphans [][]byte, before time.Time) error {
	if len(orphans) == 0 {
		return nil
	}
	return v.db.Update(func(tx *bbolt.Tx) error {
		for _, k := range orphans {
			isOld, err := older(tx.Bucket(blobs).Get(k), before)
			if err == nil && isOld {
				err = tx.Bucket(blobs).Delete(k)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// older reports whether a blob was stored before an instant.
func older(value []byte, before time.Time) (bool, error) {
	if len(value) < 8 {
		return false, fmt.Errorf("%w: a blob has no time", boltfile.ErrDamaged)
	}
	return time.Unix(int64(binary.BigEndian.Uint64(value)), 0).Before(before), nil
}

func key(conversation string, commitment []byte) []byte {
	return append(append([]byte(conversation), 0), commitment...)
}
