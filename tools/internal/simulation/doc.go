// Package simulation plays random schedules of one conversation against the
// protocol, and looks after every append whether what must hold holds.
//
// A world has one log, one child, four lines, and two replicas of the platform.
// Each replica decides on what it knows, which may be old; the log takes an append
// only on the conversation's head, and whoever comes second catches up and decides
// again. The network reorders, doubles, delays and loses commands and answers.
// People lose the connection and come back, replicas crash and rebuild from the
// log, their clocks differ, and the platform's timers fire early, late and twice.
//
// A schedule is a list of moves. A seed draws one; Trace notes it as text, a move
// per line, which plays the same whatever becomes of the drawing.
package simulation
