package rota

import (
	"sort"
	"time"
)

// A rota is consulted before every offer, so it stays small. All limits are far above
// practical use: BRUS has eleven units.
const (
	// maxUnits limits the units of a rota and the turns of one round.
	maxUnits = 100
	// maxAbsences limits the absences that touch any one shift: an absence stops counting
	// once it ended more than settled ago.
	maxAbsences = 500
	settled     = 48 * time.Hour // longer than any shift
	// maxDated limits the current and future dates that differ from the rotation.
	maxDated = 2000
	// maxParts limits the parts of one date's shift.
	maxParts = 24
	// maxChanges limits the changes to one file.
	maxChanges = 2000
)

// roomForAbsence refuses another absence once the limit is reached.
func (r *Rota) roomForAbsence(at time.Time) error {
	count := len(r.absences) - sort.Search(len(r.absences), func(i int) bool { return r.absences[i].until.After(at.Add(-settled)) })
	if count < maxAbsences {
		return nil
	}
	return refuse(TooMany, "%d absences are to come or ended within two days; write one for time on end, or wait until some have ended for two days", count)
}

// roomOn refuses to change further dates once the limit is reached. Past dates do not count.
func (r *Rota) roomOn(at time.Time, dates ...Date) error {
	added := 0
	for _, date := range dates {
		if _, dated := r.dated[date]; !dated {
			added++
		}
	}
	if added == 0 || len(r.dated)+added <= maxDated {
		return nil
	}
	count, yesterday := 0, DateOf(at.In(r.zone))-1
	for date := range r.dated {
		if date >= yesterday {
			count++
		}
	}
	if count+added <= maxDated {
		return nil
	}
	return refuse(TooMany, "%d future dates deviate from the rotation; write another rotation, or wait until some are past", count)
}
