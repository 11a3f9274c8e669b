package rota

import (
	"sort"
	"time"
)

// A rota answers before every offer, so it stays small. All of these are far beyond
// what people write: BRUS has eleven units.
const (
	// maxUnits is how many units a rota has, and turns a round.
	maxUnits = 100
	// maxAbsences is how many absences touch any one shift, since those count that
	// have not ended for settled.
	maxAbsences = 500
	settled     = 48 * time.Hour // longer than any shift
	// maxDated is how many dates, not yet past, are not as the rotation has them.
	maxDated = 2000
	// maxParts is how many parts the shift of one date is covered in.
	maxParts = 24
	// maxChanges is how many changes are made to one file.
	maxChanges = 2000
)

// roomForAbsence refuses one more absence where enough of them count.
func (r *Rota) roomForAbsence(at time.Time) error {
	count := len(r.absences) - sort.Search(len(r.absences), func(i int) bool { return r.absences[i].until.After(at.Add(-settled)) })
	if count < maxAbsences {
		return nil
	}
	return refuse(TooMany, "%d absences are to come or ended within two days; write one for time on end, or wait until some have ended for two days", count)
}

// roomOn refuses to change dates where enough of those that are not past are changed
// already.
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
	return refuse(TooMany, "%d dates to come are not as the rotation has them; write another rotation, or wait until some are past", count)
}
