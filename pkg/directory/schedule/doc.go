// Package schedule knows when one channel of a line is open: RFC 5545 recurrences,
// weekly windows, and days that are different. It is pure and asks no clock.
//
// Everything is reckoned in wall time, the time that a clock on the wall of the place
// shows. A window holds whenever that clock shows a minute inside it: where the clocks
// go forward over a part of it, that part does not happen, and where they go back into
// it, it holds once more. A window belongs to the day on which it opens, also after
// midnight.
//
// What cannot be understood adds no opening hours: unknown means closed. [Check] tells
// beforehand what would not be understood.
package schedule
