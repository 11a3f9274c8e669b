// Package conversationrules has the rules about the events of one conversation. Each starts afresh
// there, and sees an event before the facts know of it.
package conversationrules
