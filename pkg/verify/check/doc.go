// Package check verifies a complete history from its files: the checkpoint, the tiles and the
// entries, in the C2SP tlog-tiles layout, in a folder or on a server. It recomputes every leaf
// and the root, and follows the pointer from each commit to the previous one of its subject.
// It reports what it was not given the means to check.
package check
