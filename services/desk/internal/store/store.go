// Package store keeps what a desk must not lose: bbolt, with every value sealed under a key
// that only the line's storage key opens. A value that was put is synced to disk.
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"filippo.io/age"
	"go.etcd.io/bbolt"
)

// ErrNone: nothing is stored under that key.
var ErrNone = errors.New("nothing is stored there")

// Store is safe for concurrent use.
type Store struct {
	db   *bbolt.DB
	seal sealer
}

// Open opens a file, or makes it. The identity is the line's storage key: another one does not open it.
func Open(path string, storage *age.HybridIdentity) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, fmt.Errorf("%s is in use: another desk runs on it; stop that one first", path)
	}
	if err != nil {
		return nil, err
	}
	seal, err := openSealer(db, storage)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return &Store{db, seal}, nil
}

func (s *Store) Close() error { return s.db.Close() }

// Put stores a value of a kind. When it returns, a crash does not lose it.
func (s *Store) Put(kind, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists([]byte(kind))
		if err != nil {
			return err
		}
		return bucket.Put([]byte(key), s.seal.close(kind, key, text))
	})
}

// Get reads a value. Errors: ErrNone.
func (s *Store) Get(kind, key string, into any) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(kind))
		if bucket == nil {
			return ErrNone
		}
		sealed := bucket.Get([]byte(key))
		if sealed == nil {
			return ErrNone
		}
		return s.open(kind, key, sealed, into)
	})
}

// Delete removes a value, if there is one.
func (s *Store) Delete(kind, key string) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if bucket := tx.Bucket([]byte(kind)); bucket != nil {
			return bucket.Delete([]byte(key))
		}
		return nil
	})
}

// Each passes on every value of a kind, in the order of their keys.
func Each[T any](s *Store, kind string, each func(key string, value T) error) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(kind))
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, sealed []byte) error {
			var value T
			if err := s.open(kind, string(key), sealed, &value); err != nil {
				return err
			}
			return each(string(key), value)
		})
	})
}

func (s *Store) open(kind, key string, sealed []byte, into any) error {
	text, err := s.seal.open(kind, key, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
