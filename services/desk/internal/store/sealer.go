package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"go.etcd.io/bbolt"
)

// sealer seals values, each bound to where it is stored.
type sealer struct{ aead cipher.AEAD }

var keyBucket, keyName = []byte("key"), []byte("data")

// openSealer opens the file's data key, or makes one.
func openSealer(db *bbolt.DB, storage *age.HybridIdentity) (s sealer, err error) {
	err = db.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists(keyBucket)
		if err != nil {
			return err
		}
		key, err := dataKey(bucket, storage)
		if err != nil {
			return err
		}
		s, err = newSealer(key)
		return err
	})
	return s, err
}

func dataKey(bucket *bbolt.Bucket, storage *age.HybridIdentity) ([]byte, error) {
	if wrapped := bucket.Get(keyName); wrapped != nil {
		opened, err := age.Decrypt(bytes.NewReader(wrapped), storage)
		if err != nil {
			return nil, fmt.Errorf("it was sealed with another storage key than the line's: %w", err)
		}
		return io.ReadAll(opened)
	}
	key := make([]byte, 32)
	rand.Read(key)
	wrapped, err := wrap(key, storage)
	if err != nil {
		return nil, err
	}
	return key, bucket.Put(keyName, wrapped)
}

func wrap(key []byte, storage *age.HybridIdentity) ([]byte, error) {
	var wrapped bytes.Buffer
	to, err := age.Encrypt(&wrapped, storage.Recipient())
	if err != nil {
		return nil, err
	}
	_, err = to.Write(key)
	err = errors.Join(err, to.Close())
	return wrapped.Bytes(), err
}

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

func (s sealer) close(kind, key string, text []byte) []byte {
	return s.aead.Seal(nil, nil, text, place(kind, key))
}

func (s sealer) open(kind, key string, sealed []byte) ([]byte, error) {
	text, err := s.aead.Open(nil, nil, sealed, place(kind, key))
	if err != nil {
		return nil, fmt.Errorf("%s %s was changed, or sealed for another place: %w", kind, key, err)
	}
	return text, nil
}

func place(kind, key string) []byte { return []byte(kind + "\x00" + key) }
