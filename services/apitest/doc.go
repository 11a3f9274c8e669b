// Package apitest is the vocabulary of the tests that need the whole platform. Its
// folders have the tests, one package per service or subject; they see the platform
// through its API only, and through platform/probe.go where a test must look into a log.
//
// A World is a platform whose clock stands still: Advance moves it, Settle waits until
// all that is due is done. Its lines are sender, first, second and third. A Desk is the
// system of one line, with the steps of a handover as methods (OpenConversation,
// Propose, Consent, Accept, Bridge, Transfer). A Fleet is a World with replicas and a
// nats-server that can go away. What begins with Want checks something. Every World checks the
// protocol's invariants against its log when it stops.
package apitest
