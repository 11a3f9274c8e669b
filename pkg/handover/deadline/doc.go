// Package deadline knows the deadlines of a conversation, and what the platform does when
// one has passed.
package deadline
