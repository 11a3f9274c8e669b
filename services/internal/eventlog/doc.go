// Package eventlog is the log: one JetStream stream that is the truth of the
// platform, and two of the same make, which say who read it and whether it is as it
// was signed. An append carries all events of one command in one message, on one
// literal subject, conditional on that subject's last position. It has been
// synced to disk before Append returns.
//
// Trusted: whoever can write to the stream with a service's signing key can make
// that service's events. Not trusted: a message that is not signed by the owner
// of its events, that does not say what its headers say, or that leaves a hole,
// stops whoever reads it.
package eventlog
