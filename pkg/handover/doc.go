// Package handover has the types and the words of the protocol: conversations, handovers
// and offers with what can be asked of them, resource names, times and limits, and the
// receipts of commands.
//
// Every other package of the protocol builds on it: evolve applies events to a state,
// decide has what all decisions share, deadline fires what is due, command has the
// commands, and view builds what a line is shown. All of them are pure: no clock, no
// randomness, no input or output. The services, the story checker and the simulators all
// decide with this code.
//
// A conversation is one consistency boundary. Its State is the projection of its
// commits. Times are instants in UTC, and durations are in Rules. Lines are plain ids
// ("alarmtelefonen"); handovers and offers are numbered from 1.
package handover
