package rota

import "time"

const (
	dateLayout = "2006-01-02"
	dayMinutes = 24 * 60
	daySeconds = dayMinutes * 60
)

// Date is a calendar day, in days since 1970-01-01.
type Date int

// DateOf returns the day in t's own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// ParseDate reads a day such as 2026-12-24.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(dateLayout, text)
	if err != nil {
		return 0, err
	}
	return DateOf(t), nil
}

// String returns the day as ISO 8601, such as 2026-12-24.
func (d Date) String() string { return d.midnight().Format(dateLayout) }

// midnight returns the start of the day, in UTC.
func (d Date) midnight() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }
