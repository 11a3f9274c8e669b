// Package verify is all that somebody outside needs to check the history of a
// platform, without trusting whoever runs it: what a leaf of the tree is, what a
// checkpoint says, who cosigned it, whether that is enough, and whether an event
// is in the history. It does no I/O.
//
// The forms are those of C2SP (tlog-checkpoint, tlog-cosignature, tlog-tiles,
// tlog-proof, tlog-policy), so other programs can check the same files.
package verify
