// Package hsds writes the directory as Open Referral's Human Services Data Specification
// (HSDS 3) has it, for others to read: an array of services in JSON.
//
// It has weekly and monthly recurrences alone. Daily and yearly ones become several of
// those where these have the same days; other days are told in the description.
//
// Three more things have no place there. Times of day are local and the schedules' description
// names their time zone, since HSDS knows offsets alone and those change twice a year.
// A day that is different is a schedule of its own, valid on that day and without times
// where the line is closed. Seats are left out: HSDS wants to know how many are free
// now, which no directory knows.
package hsds

import (
	"encoding/json"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Marshal writes lines in their order. The same lines give the same bytes.
func Marshal(lines []*handoverv1.Line) ([]byte, error) {
	services := []service{}
	for _, line := range lines {
		services = append(services, serviceOf(line))
	}
	return json.MarshalIndent(services, "", "  ")
}
