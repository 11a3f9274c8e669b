// Package exploration visits every state that a small world can come to: one
// child in a chat, three lines with one counsellor each, a few handovers. In every
// state it gives every command of a finite alphabet, and lets the earliest due
// instant come. Commands take no time; so all instants are deadlines, and a state
// is told from another by who is there, how the handovers stand, and how long is
// left until what is due.
//
// What makes no difference to what can come next is left out of a state: names,
// reasons, positions, who was told. So the world is finite, and what is found to
// hold of it holds of every order of events in it.
package exploration
