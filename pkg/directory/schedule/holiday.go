package schedule

import (
	"maps"
	"slices"
	"sync/atomic"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/no"
)

// sundays are holidays in both countries, which the library leaves out of its lists
// because they are no working days anyway. A helpline works on Sundays.
var sundays = []*cal.Holiday{aa.Easter, aa.Pentecost}

// calendars are the public holidays that are known, by ISO 3166-1 code.
var calendars = map[string]*calendar{
	"DK": {holidays: slices.Concat(dk.Holidays, sundays)},
	"NO": {holidays: slices.Concat(no.Holidays, sundays)},
}

// Countries are those whose public holidays are known.
func Countries() []string { return slices.Sorted(maps.Keys(calendars)) }

// calendar is the public holidays of one country, worked out by years.
type calendar struct {
	holidays []*cal.Holiday
	years    [lastYear - firstYear + 1]atomic.Pointer[yearDays]
}

func (c *calendar) has(d date) bool {
	year, index, ok := yearOf(d)
	if !ok {
		return false
	}
	worked := &c.years[year-firstYear]
	if worked.Load() == nil {
		worked.Store(c.in(year))
	}
	return worked.Load().has(index)
}

// in asks for the holidays themselves, not for days off in their place.
func (c *calendar) in(year int) *yearDays {
	set := &yearDays{}
	for _, holiday := range c.holidays {
		if actual, _ := holiday.Calc(year); !actual.IsZero() {
			set.add(actual.YearDay() - 1)
		}
	}
	return set
}
