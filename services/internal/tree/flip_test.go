package tree_test

import (
	"bytes"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/tree"
)

// TestEveryFlippedBitIsFound flips one bit of what the tree's file holds, in any
// tile or in the checkpoint, high levels as often as low ones, and opens it. Ten
// thousand of the bare file are in TestEveryFlippedBitOfTheFileIsFoundOrMeansNothing.
func TestEveryFlippedBitIsFound(t *testing.T) {
	t.Run("two levels", func(t *testing.T) { flipBits(t, 700, 500) })
	t.Run("three levels", func(t *testing.T) { flipBits(t, 66_000, 100) })
}

func flipBits(t *testing.T, size int64, flips int) {
	path := filepath.Join(t.TempDir(), "tree.db")
	kept := open(t, path)
	if _, err := kept.Extend(0, leaves(0, size)); err != nil {
		t.Fatal(err)
	}
	kept.Close()
	random := rand.New(rand.NewPCG(7, 7))
	for range flips {
		bucket, key, bit := anyBit(t, path, random)
		flip(t, path, bucket, key, bit)
		opened, err := tree.Open(path, signer(), slog.New(slog.DiscardHandler))
		if err == nil {
			opened.Close()
		}
		if !errors.Is(err, tree.ErrDamaged) {
			t.Errorf("bit %d of %x in %s is flipped, and it opens with %v", bit, key, bucket, err)
		}
		flip(t, path, bucket, key, bit)
	}
	open(t, path)
}

// anyBit chooses a value, high levels as likely as low ones, and a bit of it.
func anyBit(t *testing.T, path string, random *rand.Rand) (bucket string, key []byte, bit int) {
	t.Helper()
	change(t, path, func(tx *bbolt.Tx) error {
		keys := tilesByLevel(tx.Bucket([]byte("tiles")))
		if level := random.IntN(len(keys) + 1); level == len(keys) {
			bucket, key = "meta", []byte("signed")
		} else {
			bucket, key = "tiles", keys[level][random.IntN(len(keys[level]))]
		}
		bit = random.IntN(8 * len(tx.Bucket([]byte(bucket)).Get(key)))
		return nil
	})
	return bucket, key, bit
}

func tilesByLevel(tiles *bbolt.Bucket) (keys [][][]byte) {
	tiles.ForEach(func(key, _ []byte) error {
		if int(key[0]) == len(keys) {
			keys = append(keys, nil)
		}
		keys[key[0]] = append(keys[key[0]], bytes.Clone(key))
		return nil
	})
	return keys
}

func flip(t *testing.T, path, bucket string, key []byte, bit int) {
	t.Helper()
	change(t, path, func(tx *bbolt.Tx) error {
		value := bytes.Clone(tx.Bucket([]byte(bucket)).Get(key))
		value[bit/8] ^= 1 << (bit % 8)
		return tx.Bucket([]byte(bucket)).Put(key, value)
	})
}

func change(t *testing.T, path string, with func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(with), db.Close()); err != nil {
		t.Fatal(err)
	}
}
