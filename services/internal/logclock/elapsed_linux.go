package logclock

import (
	"time"

	"golang.org/x/sys/unix"
)

// elapsed is the time since the machine started, sleep included.
func elapsed() time.Duration {
	var since unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &since); err != nil {
		panic(err) // Linux has had this clock since 2.6.39
	}
	return time.Duration(since.Nano())
}
