package verify

import (
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Frontier is a growing tree of which only the roots of its full subtrees are
// kept, as many as its size has bits. It is enough to know the root at every
// size on the way. The zero Frontier is the empty tree.
type Frontier struct {
	size  int64
	roots []tlog.Hash // of the full subtrees, largest first
}

// Append adds a leaf.
func (f *Frontier) Append(leaf tlog.Hash) {
	f.roots = append(f.roots, leaf)
	for range bits.TrailingZeros64(^uint64(f.size)) {
		last := len(f.roots) - 1
		f.roots[last-1] = tlog.NodeHash(f.roots[last-1], f.roots[last])
		f.roots = f.roots[:last]
	}
	f.size++
}

// Size is how many leaves there are.
func (f *Frontier) Size() int64 { return f.size }

// Root of the tree over the leaves.
func (f *Frontier) Root() tlog.Hash {
	if f.size == 0 {
		return emptyRoot
	}
	root := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.roots[i], root)
	}
	return root
}
