// Package openinghours tells when a line answers a channel: its published hours, minus
// short-notice closures, while somebody staffs it. Package schedule does the calendar.
//
// [OpenAt], [NextOpen] and [OpenUntil] see what a line publishes and nothing else. Whoever asks
// often compiles the hours once ([Of]) and adds what is known at the moment ([Published.Now]).
package openinghours
