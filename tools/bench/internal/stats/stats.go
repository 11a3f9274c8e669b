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
	usage := own()
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func own() (usage unix.Rusage) {
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage) // fails only for another kind than this
	return usage
}

// PeakMemory is the largest resident size that this process has had, in bytes.
func PeakMemory() int64 { return own().Maxrss << 10 }

// Memory is the size of this process's own pages and of its mapped files, in bytes; 0 where
// the system does not say.
func Memory() (anonymous, mapped int64) {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kilobytes); err == nil {
			anonymous = kilobytes << 10
		}
		if _, err := fmt.Sscanf(line, "RssFile: %d kB", &kilobytes); err == nil {
			mapped = kilobytes << 10
		}
	}
	return anonymous, mapped
}
