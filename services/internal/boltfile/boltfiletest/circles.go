// Package boltfiletest damages bbolt files for tests, as no other program would: its pages form circles.
package boltfiletest

import (
	"encoding/binary"
	"errors"
	"os"
)

// Circles are the ways in which a page can name one that leads back to it, or that another names as well. Each is
// planted wherever the file has room for it.
var Circles = map[string]func(path string) error{
	"a page that names itself":       func(path string) error { return plant(path, self) },
	"a page that names its ancestor": func(path string) error { return plant(path, ancestor) },
	"a page that two name":           func(path string) error { return plant(path, shared) },
}

// The layout of a branch page: a header, and elements that end with the number of a page.
const (
	branch  = 1
	header  = 16
	element = 16
)

var native = binary.NativeEndian

// page is a branch page of a file.
type page struct {
	number uint64
	raw    []byte
}

func (p page) count() int           { return int(native.Uint16(p.raw[10:])) }
func (p page) child(i int) []byte   { return p.raw[header+element*i+8:] }
func (p page) names(i int) uint64   { return native.Uint64(p.child(i)) }
func (p page) name(i int, n uint64) { native.PutUint64(p.child(i), n) }

// self has a page name itself as its first child.
func self(p page, _ map[uint64]page) bool {
	p.name(0, p.number)
	return true
}

// ancestor has a page below this one name this one.
func ancestor(p page, all map[uint64]page) bool {
	below, ok := all[p.names(0)]
	if ok {
		below.name(0, p.number)
	}
	return ok
}

// shared has the second child be the first.
func shared(p page, _ map[uint64]page) bool {
	if p.count() > 1 {
		p.name(1, p.names(0))
	}
	return p.count() > 1
}

// plant alters branch pages in place, as a disk would. It fails if there is none to alter.
func plant(path string, alter func(page, map[uint64]page) bool) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	size, all, planted := uint64(os.Getpagesize()), map[uint64]page{}, false
	for number := uint64(2); (number+1)*size <= uint64(len(text)); number++ {
		p := page{number, text[number*size : (number+1)*size]}
		if native.Uint64(p.raw) == number && native.Uint16(p.raw[8:]) == branch && p.count() > 0 {
			all[number] = p
		}
	}
	for _, p := range all {
		planted = alter(p, all) || planted
	}
	if !planted {
		return errors.New(path + " has no pages for it")
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(text, 0)
	return errors.Join(err, file.Close())
}
