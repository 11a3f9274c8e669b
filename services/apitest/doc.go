// Package apitest is the vocabulary of the tests that need the whole platform. The tests are
// in its folders, one package per service or subject; they see the platform through its API
// only, and through platform.Inspect where a test must look into a log.
//
// A World is a platform with a manual clock: Advance moves it, Settle waits until all
// deadlines that have passed are processed. Its lines are sender, first, second and third. A
// Desk is the system of one line, with the steps of a handover as methods (OpenConversation,
// Propose, Consent, Accept, Bridge, Transfer). A Fleet is a World with replicas and a
// nats-server that can be stopped. Names that begin with Want are checks. Every World checks
// the protocol's invariants against its log when it stops.
package apitest
