// Package check verifies a whole history from its files: the checkpoint, the
// tiles and the entries, as C2SP tlog-tiles lays them out in a folder or on a
// server. It derives every leaf and the root again, and follows the pointers from
// each append to its subject's previous one. What it was not given the means to
// check, it says.
package check
