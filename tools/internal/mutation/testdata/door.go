// Package door has one guard of each sort; see guards_test.go.
package door

import (
	"errors"
	"slices"
)

type house struct{ open, full bool }

func (h *house) enter(n int) error {
	if !h.open {
		return errors.New("it is closed")
	}
	switch {
	case h.full, n > 9:
		return errors.New("it is full")
	case n == 0:
		return h.welcome(n)
	}
	return nil
}

func (h *house) welcome(n int) error {
	if h.mayEnter(n) {
		return nil
	}
	return errors.New("not you")
}

func (h *house) mayEnter(n int) bool { return h.open && n > 0 }

func (h *house) count(n int) (int, error) { return h.counted(n) }

func (h *house) counted(n int) (int, error) {
	none := slices.ContainsFunc([]int{n}, func(n int) bool { return n < 0 })
	if none {
		return 0, errors.New("nobody")
	}
	return n, h.welcome(n)
}

func (h *house) number() (n int, known bool) { return 1, true }
