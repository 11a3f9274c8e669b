// Package rules reads the rules that choose lines for a child: which lines must not be asked,
// and which of the rest come first. They are a versioned file of CEL expressions
// (https://cel.dev) over the variables in [Variable], so that the people who answer for them
// can read and change them. rules.yaml holds the built-in rules.
//
//	version: my-town/2
//	rules:
//	  TOPIC: for_topic              # must hold, or the line may not be asked
//	  ...                           # all of TOPIC, AGE, LANGUAGE, CHANNEL, AREA, DIRECTION, CAPACITY, RISK
//	preferences:
//	  PLACE: {points: 32, holds: for_place}
//	  ...                           # any of PLACE, EMERGENCY, SPECIALIST, FIRST_LANGUAGE, WAIT, LOAD
//
// The demands of the protocol's invariants are not in the file, so no file can remove them:
// a line never asks itself, and a line that is asked is open, takes children at all, was not
// asked before, and is among those that the sender names.
//
// A rule whose evaluation fails counts as failed; such a preference counts as not met.
package rules
