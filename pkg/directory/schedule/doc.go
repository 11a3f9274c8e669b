// Package schedule computes when one channel of a line is open: RFC 5545 recurrences, weekly
// windows, and exceptions for single days. It is pure and reads no clock.
//
// All times are wall time, the time that a clock on the wall shows. A window holds whenever
// that clock shows a minute inside it: if the clocks go forward over a part of it, that part
// does not happen, and if they go back into it, that part happens twice. A window belongs to
// the day on which it opens, even after midnight.
//
// Input that cannot be parsed adds no opening hours: unknown means closed. [Check] reports
// such input in advance.
package schedule
