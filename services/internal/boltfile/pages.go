package boltfile

import (
	"bytes"
	"fmt"
	"io"
	"slices"
)

// walk visits the pages as bbolt lays them out, and requires each to be used exactly once.
type walk struct {
	file     io.ReaderAt
	pageSize int64
	seen     []bool // by page number
	last     []byte // key, within a bucket
}

// wholePages refuses a file that bbolt must not open. Errors: ErrDamaged.
func wholePages(file io.ReaderAt) error {
	meta, err := newestMeta(file)
	if err != nil {
		return err
	}
	w := walk{file: file, pageSize: int64(meta.PageSize)}
	if _, err := file.ReadAt(make([]byte, 1), int64(meta.Pages)*w.pageSize-1); err != nil {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	w.seen = make([]bool, meta.Pages)
	w.seen[0], w.seen[1] = true, true
	if err := w.freelist(meta.Freelist); err != nil {
		return err
	}
	if err := w.tree(meta.Root, nil, w.bucket); err != nil {
		return err
	}
	if lost := slices.Index(w.seen, false); lost >= 0 {
		return damagedPage(uint64(lost), "belongs to nothing")
	}
	return nil
}

func damagedPage(id uint64, what string) error {
	return fmt.Errorf("%w: page %d of it %s", ErrDamaged, id, what)
}

// page reads a page with its overflow pages.
func (w *walk) page(id uint64) (h pageHeader, body []byte, err error) {
	if err := w.see(id); err != nil {
		return h, nil, err
	}
	raw := make([]byte, w.pageSize)
	if _, err := w.file.ReadAt(raw, int64(id)*w.pageSize); err != nil {
		return h, nil, damagedPage(id, "cannot be read: "+err.Error())
	}
	if err := decode(raw, &h); err != nil || h.ID != id {
		return h, nil, damagedPage(id, "is another one")
	}
	for more := range uint64(h.Overflow) {
		if err := w.see(id + 1 + more); err != nil {
			return h, nil, err
		}
	}
	rest := make([]byte, int64(h.Overflow)*w.pageSize)
	if _, err := w.file.ReadAt(rest, int64(id+1)*w.pageSize); len(rest) > 0 && err != nil {
		return h, nil, damagedPage(id, "cannot be read: "+err.Error())
	}
	return h, append(raw[headerBytes:], rest...), nil
}

func (w *walk) see(id uint64) error {
	if id >= uint64(len(w.seen)) || w.seen[id] {
		return damagedPage(id, "is in no place or in two")
	}
	w.seen[id] = true
	return nil
}

func (w *walk) freelist(id uint64) error {
	h, body, err := w.page(id)
	if err != nil {
		return err
	}
	count, body, err := freeCount(h, body)
	if err != nil {
		return err
	}
	for range count {
		var free uint64
		if err := decode(body, &free); err != nil {
			return err
		}
		if err := w.see(free); err != nil {
			return err
		}
		body = body[8:]
	}
	return nil
}

// tree visits a page and those below it. Keys must be in order, none before least.
func (w *walk) tree(id uint64, least []byte, leaf func(leafElement, []byte) error) error {
	h, body, err := w.page(id)
	switch {
	case err != nil:
		return err
	case h.Flags == leafPage:
		return w.leaf(h, body, least, leaf)
	case h.Flags != branchPage || h.Count == 0:
		return damagedPage(id, "is of the wrong kind")
	}
	for i := range int(h.Count) {
		var e branchElement
		if err := element(body, i, &e); err != nil {
			return err
		}
		key, ok := cut(body, i, int64(e.At), int64(e.Key))
		if !ok || i > 0 && bytes.Compare(key, w.last) <= 0 {
			return damagedPage(id, "has its keys out of order")
		}
		if err := w.tree(e.Page, key, leaf); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) leaf(h pageHeader, body, least []byte, each func(leafElement, []byte) error) error {
	for i := range int(h.Count) {
		var e leafElement
		if err := element(body, i, &e); err != nil {
			return err
		}
		key, ok := cut(body, i, int64(e.At), int64(e.Key))
		value, there := cut(body, i, int64(e.At)+int64(e.Key), int64(e.Value))
		if !ok || !there || bytes.Compare(key, least) < 0 || w.last != nil && bytes.Compare(key, w.last) <= 0 {
			return damagedPage(h.ID, "has its keys out of order")
		}
		w.last = key
		if err := each(e, value); err != nil {
			return err
		}
	}
	return nil
}

// bucket visits a bucket, which is a leaf's value: either a page of its own or, if small, a
// page inside the value.
func (w *walk) bucket(e leafElement, value []byte) (err error) {
	var at bucketHeader
	if err := decode(value, &at); err != nil || e.Flags != bucketFlag {
		return fmt.Errorf("%w: it has an entry that is not a bucket", ErrDamaged)
	}
	name := w.last
	w.last = nil
	defer func() { w.last = name }()
	if at.Root != 0 {
		return w.tree(at.Root, nil, plain)
	}
	var h pageHeader
	if err := decode(value[bucketBytes:], &h); err != nil || h.Flags != leafPage {
		return fmt.Errorf("%w: it has a bucket without a page", ErrDamaged)
	}
	return w.leaf(h, value[bucketBytes+headerBytes:], nil, plain)
}

func plain(e leafElement, _ []byte) error {
	if e.Flags != 0 {
		return fmt.Errorf("%w: it has a value of an unknown kind", ErrDamaged)
	}
	return nil
}
