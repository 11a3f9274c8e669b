// Package command has all commands of the protocol and their catalogue. Decide takes a
// state and a command and returns events or a refusal.
package command
