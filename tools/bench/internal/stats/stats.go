// Package stats summarizes what was measured, and reads what this process has used.
package stats

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Number is what can be summarized.
type Number interface{ ~int64 | ~float64 }

// Quantile returns the value below which a share of all lies; 0 of none.
func Quantile[T Number](all []T, share float64) T {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// Median is the middle one.
func Median[T Number](all []T) T { return Quantile(all, 0.5) }

// CPU is the processor time that this process has used.
func CPU() time.Duration {
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage) // fails only for another kind than this
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Memory is the size of this process's own pages and of its mapped files, and the most that both
// have had, in bytes; 0 where the system does not say. getrusage's maximum is not used: a
// child process inherits its parent's.
func Memory() (anonymous, mapped, peak int64) {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		for field, bytes := range map[string]*int64{"RssAnon:": &anonymous, "RssFile:": &mapped, "VmHWM:": &peak} {
			var kilobytes int64
			if _, err := fmt.Sscanf(line, field+" %d kB", &kilobytes); err == nil {
				*bytes = kilobytes << 10
			}
		}
	}
	return anonymous, mapped, peak
}
