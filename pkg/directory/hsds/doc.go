// Package hsds exports the directory in Open Referral's Human Services Data Specification
// (HSDS 3), as an array of services in JSON, and makes files of lines from it.
//
// HSDS has weekly and monthly recurrences only. Daily and yearly recurrences are converted
// where weekly or monthly ones give the same days; the description states all other days.
//
// HSDS lacks three more things. Times of day are local, and the schedule's description names
// the time zone, because HSDS has only UTC offsets and those change twice a year. An
// exception becomes a schedule of its own, valid on that day and without times where the line
// is closed. Seats are omitted: HSDS asks how many are free now, which no directory knows.
//
// [Lines] guesses nothing. It reads codes, numbers and dates, and of descriptions only the
// sentences that [Marshal] writes. Whatever else a service says is left out and reported, and a
// file that lacks a fact is refused by package linefile until a person has written it.
package hsds

import (
	"encoding/json"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Marshal writes the lines in the given order. The same lines give the same bytes.
func Marshal(lines []*handoverv1.Line) ([]byte, error) {
	services := []service{}
	for _, line := range lines {
		services = append(services, serviceOf(line))
	}
	return json.MarshalIndent(services, "", "  ")
}
