// Package linefile reads files of lines. It reads no file itself but the example directory
// that is built into it.
//
// Lines are written in a YAML file. [Parse] reads this:
//
//	lines:
//	  - id: example-line                # what everything else calls the line
//	    names: {nb: Navn, en: Name}     # by language; at least one
//	    operator: Example municipality
//	    country: "NO"                   # ISO 3166-1
//	    time_zone: Europe/Oslo          # the zone of its hours
//	    topics: [MH, V.bullying]        # groups, leaves, or "*" for everything
//	    ages: 9-19                      # both ends included; 0-120 is everybody
//	    languages: [nb, nn]             # BCP 47, the line's first one first
//	    hours:                          # chat, phone, sms, email; weekly, or an RFC 5545 recurrence
//	      chat: ["Sun-Thu 15:00-21:00", "Fri 20:00-02:00"]
//	      phone:
//	        - every day 00:00-24:00
//	      sms:
//	        - {freq: MONTHLY, byday: [1SA], opens_at: "10:00", closes_at: "12:00", valid_from: 2026-01-01}
//	    emergency: true                 # takes acute violence; optional
//	    anonymous: true                 # optional
//	    deadlines: {offer: 60s}         # its own deadlines, where the defaults do not suit; optional
//	    retention: 72h                  # how long it keeps text, or 30d; optional
//	    example: true                   # the hours are made up; optional
//
// All of the following is optional:
//
//	status: temporarily closed      # or active, inactive, defunct, as in HSDS
//	alert: We answer more slowly this week.
//	assured_date: 2026-11-01        # when somebody last verified all this
//	capacity: {chat: 4}             # simultaneous conversations
//	max_risk: R3                    # the highest that it takes
//	service_areas: ["NO-03"]        # countries, ISO 3166-2, municipality numbers
//	receives_from:                  # only these; absent: everybody, warmly
//	  other-line: {way: warm, agreed: signpost}
//	  "*": signpost
//	doors:
//	  - {id: own-page, channel: chat}
//	  - {id: guest, channel: chat, through: other-line}
//	  - {id: phone, channel: phone, number: "116111", areas: ["0301"]}
//	exceptions:                     # closed, or other hours, replacing all hours of those days
//	  - {dates: [2026-12-24], hours: ["10:00-12:00"], reason: HOLIDAY, notes: Christmas}
//	  - {freq: YEARLY, dtstart: 2026-12-31, channels: [chat]}
//	  - {holidays: "NO"}
//
// A window that closes at or before its opening time closes on the next day. The keys of the
// long form are those of HSDS schedules: freq, interval, byday, bymonthday, byyearday,
// dtstart, until, count, wkst, valid_from, valid_to, opens_at, closes_at, timezone and notes.
// Package schedule explains how they combine.
package linefile
