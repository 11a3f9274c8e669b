package boltfile

import (
	"encoding/binary"
	"hash/fnv"
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

var native = binary.NativeEndian

// pageMeta is what a meta page says of the others.
type pageMeta struct{ pageSize, root, freelist, pages, tx uint64 }

// pageHeader is the beginning of a page; overflow is the number of additional pages that belong
// to it.
type pageHeader struct {
	id           uint64
	flags, count uint16
	overflow     uint32
}

func readHeader(raw []byte) pageHeader {
	return pageHeader{native.Uint64(raw), native.Uint16(raw[8:]), native.Uint16(raw[10:]), native.Uint32(raw[12:])}
}

// branchElement is a page with its least key.
type branchElement struct {
	key  []byte
	page uint64
}

// leafElement is a key with its value, which may be a bucket.
type leafElement struct {
	flags      uint32
	key, value []byte
}

// An element gives the offset of its key, from its own beginning, and the key's length; a
// leaf's value follows its key. Both report whether all of it is within the page.

func readBranch(body []byte, i int) (e branchElement, ok bool) {
	raw, ok := cut(body, i, 0, elementBytes)
	if !ok {
		return e, false
	}
	e.page = native.Uint64(raw[8:])
	e.key, ok = cut(body, i, native.Uint32(raw), uint64(native.Uint32(raw[4:])))
	return e, ok
}

func readLeaf(body []byte, i int) (e leafElement, ok bool) {
	raw, ok := cut(body, i, 0, elementBytes)
	if !ok {
		return e, false
	}
	e.flags = native.Uint32(raw)
	at, key, value := native.Uint32(raw[4:]), native.Uint32(raw[8:]), native.Uint32(raw[12:])
	both, ok := cut(body, i, at, uint64(key)+uint64(value))
	if ok {
		e.key, e.value = both[:key:key], both[key:]
	}
	return e, ok
}

// cut returns the bytes at an offset from the i-th element of a page.
func cut(body []byte, i int, at uint32, count uint64) ([]byte, bool) {
	from := uint64(i)*elementBytes + uint64(at)
	to := from + count
	if to > uint64(len(body)) {
		return nil, false
	}
	return body[from:to:to], true
}

// newestMeta requires both meta pages to be intact. bbolt would accept one of them, which may
// be the older.
func newestMeta(file []byte) (newest pageMeta, err error) {
	if newest, err = readMeta(file, 0, 0); err != nil {
		return newest, err
	}
	other, err := readMeta(file, 1, newest.pageSize)
	if other.tx > newest.tx {
		newest = other
	}
	return newest, err
}

func readMeta(file []byte, id, at uint64) (m pageMeta, err error) {
	if uint64(len(file)) < at+headerBytes+metaBytes {
		return m, damagedPage(id, "is missing")
	}
	raw := file[at:]
	meta := raw[headerBytes : headerBytes+metaBytes]
	sum := fnv.New64a()
	sum.Write(meta[:metaBytes-8])
	if h := readHeader(raw); h.id != id || h.flags != metaPage ||
		native.Uint32(meta) != metaMagic || native.Uint32(meta[4:]) != metaVersion || native.Uint64(meta[metaBytes-8:]) != sum.Sum64() {
		return m, damagedPage(id, "is not whole")
	}
	return pageMeta{
		pageSize: uint64(native.Uint32(meta[8:])), root: native.Uint64(meta[16:]),
		freelist: native.Uint64(meta[32:]), pages: native.Uint64(meta[40:]), tx: native.Uint64(meta[48:]),
	}, nil
}

// freePages returns the ids on the list of free pages. A count too large for the header is
// stored before them.
func freePages(h pageHeader, body []byte) (ids []byte, err error) {
	if h.flags != freelistPage {
		return nil, damagedPage(h.id, "is not the list of free pages")
	}
	count := uint64(h.count)
	if h.count == math.MaxUint16 {
		count, body = native.Uint64(body), body[8:]
	}
	if count > uint64(len(body))/8 {
		return nil, damagedPage(h.id, "ends before its list")
	}
	return body[:8*count], nil
}
