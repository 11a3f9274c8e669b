package boltfile

import (
	"bytes"
	"fmt"
	"slices"
)

// walk visits the pages as bbolt lays them out, and requires each to be used exactly once.
type walk struct {
	file     []byte
	pageSize uint64
	seen     []bool // by page number
	last     []byte // key, within a bucket
}

// wholePages refuses a file that bbolt must not open. Errors: ErrDamaged.
func wholePages(file []byte) error {
	meta, err := newestMeta(file)
	if err != nil {
		return err
	}
	if meta.pages > uint64(len(file))/meta.pageSize {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	w := walk{file: file, pageSize: meta.pageSize, seen: make([]bool, meta.pages)}
	w.seen[0], w.seen[1] = true, true
	if err := w.freelist(meta.freelist); err != nil {
		return err
	}
	if err := w.tree(meta.root, nil, w.bucket); err != nil {
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

// page is a page with its overflow pages.
func (w *walk) page(id uint64) (h pageHeader, body []byte, err error) {
	if err := w.see(id); err != nil {
		return h, nil, err
	}
	raw := w.file[id*w.pageSize:]
	if h = readHeader(raw); h.id != id {
		return h, nil, damagedPage(id, "is another one")
	}
	for more := range uint64(h.overflow) {
		if err := w.see(id + 1 + more); err != nil {
			return h, nil, err
		}
	}
	return h, raw[headerBytes : (1+uint64(h.overflow))*w.pageSize], nil
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
	ids, err := freePages(h, body)
	for ; err == nil && len(ids) > 0; ids = ids[8:] {
		err = w.see(native.Uint64(ids))
	}
	return err
}

// tree visits a page and those below it. Keys must be in order, none before least.
func (w *walk) tree(id uint64, least []byte, each func(leafElement) error) error {
	h, body, err := w.page(id)
	switch {
	case err != nil:
		return err
	case h.flags == leafPage:
		return w.leaf(h, body, least, each)
	case h.flags != branchPage || h.count == 0:
		return damagedPage(id, "is of the wrong kind")
	}
	for i := range int(h.count) {
		e, ok := readBranch(body, i)
		if !ok || i > 0 && bytes.Compare(e.key, w.last) <= 0 {
			return damagedPage(id, "has its keys out of order")
		}
		if err := w.tree(e.page, e.key, each); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) leaf(h pageHeader, body, least []byte, each func(leafElement) error) error {
	for i := range int(h.count) {
		e, ok := readLeaf(body, i)
		if !ok || bytes.Compare(e.key, least) < 0 || w.last != nil && bytes.Compare(e.key, w.last) <= 0 {
			return damagedPage(h.id, "has its keys out of order")
		}
		w.last = e.key
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

// bucket visits a bucket, which is a leaf's value: either a page of its own or, if small, a
// page inside the value.
func (w *walk) bucket(e leafElement) error {
	if e.flags != bucketFlag || len(e.value) < bucketBytes {
		return fmt.Errorf("%w: it has an entry that is not a bucket", ErrDamaged)
	}
	name := w.last
	w.last = nil
	defer func() { w.last = name }()
	if root := native.Uint64(e.value); root != 0 {
		return w.tree(root, nil, plain)
	}
	inline := e.value[bucketBytes:]
	if len(inline) < headerBytes || readHeader(inline).flags != leafPage {
		return fmt.Errorf("%w: it has a bucket without a page", ErrDamaged)
	}
	return w.leaf(readHeader(inline), inline[headerBytes:], nil, plain)
}

func plain(e leafElement) error {
	if e.flags != 0 {
		return fmt.Errorf("%w: it has a value of an unknown kind", ErrDamaged)
	}
	return nil
}
