package childtext

import (
	"time"

	"github.com/goodsign/monday"

	"github.com/stafett/stafett/pkg/i18n"
)

// When words an instant for a child, with its preposition: the day and the time, in the
// instant's own zone.
func When(at time.Time, tag string) string {
	switch i18n.Nearest(tag) {
	case i18n.Norwegian:
		return monday.Format(at, "Monday 2. January", monday.LocaleNbNO) + at.Format(" kl. 15.04")
	case i18n.Danish:
		return monday.Format(at, "Monday den 2. January", monday.LocaleDaDK) + at.Format(" kl. 15.04")
	}
	return at.Format("on Monday 2 January at 15:04")
}
