// Package handover is the warm handover itself: what may be decided in which
// state, and what each event makes of a conversation. It is pure: no clock, no
// randomness, no input or output. The services, the story checker and any
// simulator decide with the same code.
//
// One conversation is one consistency boundary. Its State is the fold of its
// appends; Decide reads a State and answers a Command with events or with a
// Refusal; Fold applies a recorded append.
//
// Times are instants in UTC, durations are in Rules. Lines are plain ids
// ("alarmtelefonen"); handovers and offers are counted from 1.
package handover
