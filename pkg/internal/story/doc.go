// Package story lets the tests of the protocol tell a conversation by commands and moves
// of the clock. What happens is decided on the state so far, recorded as the log would
// be, applied, and checked against all invariants at the end.
package story
