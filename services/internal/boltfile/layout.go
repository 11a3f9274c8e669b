package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"math"
)

// The layout of a bbolt file (version 2, the only one), in native byte order.

const (
	headerBytes  = 16
	elementBytes = 16
	bucketBytes  = 16
	metaBytes    = 64

	branchPage   = 1
	leafPage     = 2
	metaPage     = 4
	freelistPage = 16

	bucketFlag = 1

	metaMagic   = 0xED0CDAED
	metaVersion = 2
)

// pageMeta is the content of a meta page.
type pageMeta struct {
	Magic, Version, PageSize, Flags               uint32
	Root, Sequence, Freelist, Pages, Tx, Checksum uint64
}

type pageHeader struct {
	ID           uint64
	Flags, Count uint16
	Overflow     uint32 // number of additional pages that belong to it
}

// An element gives the offset of its key, from its own beginning, and the key's length; a
// leaf's value follows its key.
type (
	branchElement struct {
		At, Key uint32
		Page    uint64
	}
	leafElement  struct{ Flags, At, Key, Value uint32 }
	bucketHeader struct{ Root, Sequence uint64 }
)

// decode reads values in sequence.
func decode(from []byte, to ...any) error {
	for _, value := range to {
		n, err := binary.Decode(from, binary.NativeEndian, value)
		if err != nil {
			return fmt.Errorf("%w: it ends within a page", ErrDamaged)
		}
		from = from[n:]
	}
	return nil
}

// cut returns the bytes at an offset from the i-th element of a page.
func cut(body []byte, i int, at, size int64) ([]byte, bool) {
	from := int64(i*elementBytes) + at
	if from+size <= int64(len(body)) {
		return body[from : from+size], true
	}
	return nil, false
}

// element reads the i-th element of a page.
func element(body []byte, i int, to any) error {
	return decode(body[min(i*elementBytes, len(body)):], to)
}

// newestMeta requires both meta pages to be intact. bbolt would accept one of them, which may
// be the older.
func newestMeta(file io.ReaderAt) (newest pageMeta, err error) {
	if newest, err = readMeta(file, 0, 0); err != nil {
		return newest, err
	}
	other, err := readMeta(file, 1, int64(newest.PageSize))
	if other.Tx > newest.Tx {
		newest = other
	}
	return newest, err
}

func readMeta(file io.ReaderAt, id uint64, at int64) (m pageMeta, err error) {
	raw := make([]byte, headerBytes+metaBytes)
	if _, err := file.ReadAt(raw, at); err != nil {
		return m, damagedPage(id, "cannot be read: "+err.Error())
	}
	var h pageHeader
	if err := decode(raw, &h, &m); err != nil {
		return m, err
	}
	sum := fnv.New64a()
	sum.Write(raw[headerBytes : len(raw)-8])
	if h.ID != id || h.Flags != metaPage || m.Magic != metaMagic || m.Version != metaVersion || m.Checksum != sum.Sum64() {
		return m, damagedPage(id, "is not whole")
	}
	return m, nil
}

// freeCount returns the number of free pages. A count too large for the header is stored in
// the first id.
func freeCount(h pageHeader, body []byte) (count uint64, ids []byte, err error) {
	if h.Flags != freelistPage {
		return 0, nil, damagedPage(h.ID, "is not the list of free pages")
	}
	if h.Count < math.MaxUint16 {
		return uint64(h.Count), body, nil
	}
	err = decode(body, &count)
	return count, body[8:], err
}
