// Package rota computes which staffing unit of a line has the shift: a line such as BRUS is
// staffed by eleven municipalities in rotation. It is a pure value: a rota is read from a
// file, and changes (a swap, a sick counsellor) are applied in order and give the next rota.
// The same file and changes always give the same shifts.
//
// A rota never claims more than it knows: before its first day, after its last, and while no
// unit is available, nobody staffs the line and it is closed.
//
// The file:
//
//	version: "1"
//	line: brus
//	zone: Europe/Copenhagen
//	shift: 18:00-21:00          # may continue past midnight
//	units:
//	  skive: {nb: Skive kommune, da: Skive Kommune, en: Municipality of Skive}
//	  odder: {nb: Odder kommune, da: Odder Kommune, en: Municipality of Odder}
//	rotation:
//	  first: 2026-01-01
//	  shifts: FREQ=DAILY        # on which days, an RFC 5545 recurrence of days
//	  turns: FREQ=WEEKLY;BYDAY=MO # when the next unit's turn begins; by default at every shift
//	  order: [skive, odder]
//	covers:                     # optional, like everything below
//	  2026-12-24: odder
//	  2026-12-31: nobody
//	parts:                      # of shifts, each until the shift's end unless it names another
//	  - {date: 2026-12-25, unit: odder, from: 2026-12-25 19:00}
//	swaps:
//	  - [2026-02-01, 2026-02-09]
//	sick:
//	  - {unit: odder, from: 2026-03-01 17:55, until: 2026-03-02 08:00}
//
// Covers are applied first, then parts, then swaps, then sickness. Times of day are wall time
// in the zone: a time that occurs twice, when the clocks go back, means the first, and one
// that the clocks skip means the moment of skipping. An exact instant such as
// 2026-10-25T02:30:00+01:00 is also allowed. A part that comes from a swap, not from a cover,
// is marked with why: swap.
//
// A rota is consulted before every offer, so it has limits: 100 units, 2,000 changes to one
// file, and others in limits.go. [Rota.File] writes a file to continue from.
package rota
