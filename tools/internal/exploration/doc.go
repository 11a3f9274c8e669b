// Package exploration visits every reachable state of a small world: one child in a chat,
// three lines with one counsellor each, a few handovers. In every state it gives every
// command of a finite alphabet, and advances time to the next deadline. Commands take no
// time, so every instant is a deadline, and states differ only in who is there, how the
// handovers stand, and how long is left until each deadline.
//
// Anything that cannot affect what comes next is left out of a state: names, reasons,
// positions, who was notified. This keeps the world finite, and every property found to
// hold in it holds for every order of its events.
package exploration
