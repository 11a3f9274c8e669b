// Package rota says which staffing unit of a line has the shift: a line such as BRUS
// is staffed by eleven municipalities in rotation. It is a pure value: a rota is read
// from a file, changes (a swap, a sick counsellor) are applied in order and give the
// next rota, and the same file and changes always give the same shifts.
//
// A rota never says more than it knows: before its first day, after its last, and
// where nobody can, nobody staffs, and the line is closed.
//
// The file:
//
//	version: "1"
//	line: brus
//	zone: Europe/Copenhagen
//	shift: 18:00-21:00          # may go beyond midnight
//	units:
//	  skive: {nb: Skive kommune, da: Skive Kommune, en: Municipality of Skive}
//	  odder: {nb: Odder kommune, da: Odder Kommune, en: Municipality of Odder}
//	rotation:
//	  first: 2026-01-01
//	  shifts: FREQ=DAILY        # on which days, an RFC 5545 recurrence of days
//	  turns: FREQ=WEEKLY;BYDAY=MO # when the next unit's turn begins; without it, at every shift
//	  order: [skive, odder]
//	covers:                     # may be left out, like all below
//	  2026-12-24: odder
//	  2026-12-31: nobody
//	parts:                      # of shifts, each until the shift's end if it says no other
//	  - {date: 2026-12-25, unit: odder, from: 2026-12-25 19:00}
//	swaps:
//	  - [2026-02-01, 2026-02-09]
//	sick:
//	  - {unit: odder, from: 2026-03-01 17:55, until: 2026-03-02 08:00}
//
// Covers count first, then parts, then swaps, then sickness. Times of day are those
// that clocks on the wall show in the zone: of two equal ones when the clocks go back the
// first, and one that they skip is the moment of skipping. An instant may be written
// exactly instead, as 2026-10-25T02:30:00+01:00. A part that was swapped, not covered,
// says so with why: swap.
//
// A rota is asked before every offer, so it has limits: 100 units, 2,000 changes to one
// file, and others in limits.go. [Rota.File] writes the file to go on with.
package rota
