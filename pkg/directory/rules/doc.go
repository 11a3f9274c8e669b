// Package rules reads the rules by which lines are chosen for a child: which lines may
// not be asked, and which come first among those that may. They are a versioned file of
// expressions in CEL (https://cel.dev) over what [Variable] lists, so that the people who
// answer for them can read and change them. rules.yaml is the one that is built in.
//
//	version: my-town/2
//	rules:
//	  TOPIC: for_topic              # must hold, or the line may not be asked
//	  ...                           # all of TOPIC, AGE, LANGUAGE, CHANNEL, AREA, DIRECTION, CAPACITY, RISK
//	preferences:
//	  PLACE: {points: 32, holds: for_place}
//	  ...                           # any of PLACE, EMERGENCY, SPECIALIST, FIRST_LANGUAGE, WAIT, LOAD
//
// What the invariants of the protocol demand is not in the file, and no file can take it
// away: that a line does not ask itself, that one is open, takes children at all, was
// not asked before, and is among those that the sender names.
//
// A rule that cannot be evaluated is failed, and a preference is not held.
package rules
