// Package refusal is the platform's one error type for requests that it refuses: a
// reason for programs to switch on, and a message for people. It knows its gRPC status,
// so a service can return it unchanged.
//
// Each reason has a constructor, generated from stafett.handover.v1.RefusalReason,
// whose values state their gRPC code. A message says what is wrong, where, and what to
// do; the metadata holds its variables, as name, value, name, value.
package refusal
