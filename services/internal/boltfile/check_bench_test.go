package boltfile_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/boltfile"
)

// BenchmarkCheck checks a file of values of 500 bytes.
func BenchmarkCheck(b *testing.B) {
	path := filepath.Join(b.TempDir(), "file.db")
	f, err := boltfile.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	f.Unsynced()
	err = f.Update(func(tx *bbolt.Tx) error {
		values, err := tx.CreateBucket(bucket)
		for i := uint64(0); i < 50_000 && err == nil; i++ {
			err = values.Put(binary.BigEndian.AppendUint64(nil, i), make([]byte, 500))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		if err := boltfile.Check(path); err != nil {
			b.Fatal(err)
		}
	}
}
