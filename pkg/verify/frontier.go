package verify

import (
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Frontier is a growing tree that keeps only the roots of its full subtrees, as many as its
// size has one bits. That is enough to compute the root at every size along the way. The zero
// Frontier is the empty tree.
type Frontier struct {
	size  int64
	roots []tlog.Hash // of the full subtrees, largest first
}

// Append adds a leaf.
func (f *Frontier) Append(leaf tlog.Hash) {
	f.roots = append(f.roots, leaf)
	f.merge(f.size)
	f.size++
}

// Size returns the number of leaves.
func (f *Frontier) Size() int64 { return f.size }

// Root returns the root of the tree over the leaves.
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

// AppendTile adds a full tile of leaves by its root. The size must be a multiple of the tile
// width.
func (f *Frontier) AppendTile(root tlog.Hash) {
	f.roots = append(f.roots, root)
	f.merge(f.size / TileWidth)
	f.size += TileWidth
}

// Clone returns a copy that grows independently.
func (f *Frontier) Clone() *Frontier {
	return &Frontier{size: f.size, roots: slices.Clone(f.roots)}
}

// merge combines the last root with earlier ones of equal size. Before the last root was
// added there were before roots of its size.
func (f *Frontier) merge(before int64) {
	for range bits.TrailingZeros64(^uint64(before)) {
		last := len(f.roots) - 1
		f.roots[last-1] = tlog.NodeHash(f.roots[last-1], f.roots[last])
		f.roots = f.roots[:last]
	}
}
