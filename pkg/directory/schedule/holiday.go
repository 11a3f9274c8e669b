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

// sundays are holidays in both countries. The library leaves them out of its lists because
// Sundays are not working days anyway, but a helpline works on Sundays.
var sundays = []*cal.Holiday{aa.Easter, aa.Pentecost}

// calendars holds the known public holidays, by ISO 3166-1 code.
var calendars = map[string]*calendar{
	"DK": {holidays: slices.Concat(dk.Holidays, sundays)},
	"NO": {holidays: slices.Concat(no.Holidays, sundays)},
}

// Countries returns the countries whose public holidays are known.
func Countries() []string { return slices.Sorted(maps.Keys(calendars)) }

// calendar holds the public holidays of one country, computed year by year.
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

// in uses the holidays themselves, not substitute days off.
func (c *calendar) in(year int) *yearDays {
	set := &yearDays{}
	for _, holiday := range c.holidays {
		if actual, _ := holiday.Calc(year); !actual.IsZero() {
			set.add(actual.YearDay() - 1)
		}
	}
	return set
}
