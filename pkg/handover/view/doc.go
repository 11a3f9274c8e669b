// Package view builds a line's view of a conversation.
//
// Every answer is built field by field for the line's part in the conversation: no line
// sees a field that no builder sets. The table in shown_test.go says, for every field
// of the answers and of the state, who sees it; a field missing from it fails the test.
package view
