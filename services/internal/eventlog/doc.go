// Package eventlog holds the log in three JetStream streams: the event history, which is the
// platform's source of truth, the access log and the integrity status. A commit carries all
// events of one command in one message, on one literal subject, conditional on that subject's
// last position. It is synced to disk before Append returns.
//
// Trusted: whoever can write to the stream with a service's signing key can forge that
// service's events. Not trusted: a message that is not signed by the owner of its events, that
// contradicts its headers or that leaves a gap stops every reader.
package eventlog
