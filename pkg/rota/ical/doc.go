// Package ical reads the events of an iCalendar (RFC 5545) that comes from any program
// and from anybody. It says of each event whether it counts: the newest revision of an
// event counts, unless it was cancelled or is not firm.
//
// Its work is bounded, and every mistake names its line. It knows nothing of rotas.
package ical
