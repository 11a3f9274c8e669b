// Package simulation plays random schedules of one conversation against the protocol, and
// checks the invariants after every commit.
//
// A world has one log, one child, four lines, and two replicas of the platform. Each
// replica decides on the state it knows, which may be stale; the log accepts a commit only
// on the conversation's head, and the replica that loses the race catches up and decides
// again. The network reorders, duplicates, delays and loses commands and answers. People
// disconnect and come back, replicas crash and rebuild from the log, their clocks differ,
// and the platform's timers fire early, late and twice.
//
// A schedule is a list of moves. A seed draws one; Trace records it as text, a move per
// line, which replays identically even if the drawing code changes.
package simulation
