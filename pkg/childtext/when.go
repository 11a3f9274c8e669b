package childtext

import (
	"time"

	"github.com/goodsign/monday"
)

// When words an instant for a child, with its preposition: the day and the time, in the
// instant's own zone.
func When(at time.Time, tag string) string {
	switch Language(tag) {
	case "nb":
		return monday.Format(at, "Monday 2. January", monday.LocaleNbNO) + at.Format(" kl. 15.04")
	case "da":
		return monday.Format(at, "Monday den 2. January", monday.LocaleDaDK) + at.Format(" kl. 15.04")
	}
	return at.Format("on Monday 2 January at 15:04")
}
