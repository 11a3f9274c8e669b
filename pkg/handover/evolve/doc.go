// Package evolve applies commits and their events to the state of a conversation. It never
// refuses an event, because the event has already happened.
package evolve
