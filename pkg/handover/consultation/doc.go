// Package consultation has the commands with which a line asks another for advice and is advised. None of them
// moves custody, brings anybody into the child's room, or tells the other line which child it is about.
package consultation
