// Package refusal is the platform's one error type for what it will not do: a
// reason that programs switch on, and a message for people. It knows its gRPC
// status, so that a service returns it as it is.
//
// Each reason has a constructor, generated from stafett.handover.v1.RefusalReason,
// whose values state their gRPC code. A message says what is wrong, where, and
// what to do; the metadata holds its variables, as name, value, name, value.
package refusal
