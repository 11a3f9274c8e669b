// Package verify contains everything that an outsider needs to check the history of a platform
// without trusting its operator: what a leaf of the tree is, what a checkpoint states, who
// cosigned it, whether that suffices, and whether an event is in the history. It does no I/O.
//
// The formats are those of C2SP (tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof,
// tlog-policy), so other programs can check the same files.
package verify
