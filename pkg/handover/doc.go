// Package handover decides what may happen in each state of a warm handover, and
// applies events to conversations. It is pure: no clock, no randomness, no input or
// output. The services, the story checker and the simulators all decide with this code.
//
// A conversation is one consistency boundary. Its State is the projection of its
// commits. Decide takes a State and a Command and returns events or a refusal; Fold
// applies a recorded commit.
//
// Times are instants in UTC, and durations are in Rules. Lines are plain ids
// ("alarmtelefonen"); handovers and offers are numbered from 1.
package handover
