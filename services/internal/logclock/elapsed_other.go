//go:build !linux

package logclock

import "time"

var started = time.Now()

// elapsed is the time since the program started. Whether sleep counts depends on the system.
func elapsed() time.Duration { return time.Since(started) }
