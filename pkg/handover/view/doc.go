// Package view builds what a line is shown of a conversation.
//
// Every answer is built field by field for the line's part in it: a field that no
// builder sets is shown to nobody. The table in shown_test.go says, for every field of
// the answers and of the state, who sees it; a field that is not in it fails the test.
package view
