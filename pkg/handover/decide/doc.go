// Package decide has what the decisions of all commands share: the turn that collects
// events on a copy of the conversation, the guards that refuse, and the steps that several
// commands and deadlines take, such as asking the next line.
package decide
