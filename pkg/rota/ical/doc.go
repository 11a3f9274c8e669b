// Package ical reads the events of an iCalendar (RFC 5545) from any program and any author. It
// determines for each event whether it counts: the newest revision of an event counts, unless
// it was cancelled or is not firm.
//
// Its work is bounded, and every mistake names its line. The package does not depend on rotas.
package ical
