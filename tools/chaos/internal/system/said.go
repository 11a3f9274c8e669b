package system

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Said is what processes wrote.
type Said struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds text.
func (s *Said) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(text)
}

// Text is everything that they wrote.
func (s *Said) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// Last is the end of it.
func (s *Said) Last() string {
	text := strings.TrimSpace(s.Text())
	return text[max(0, len(text)-600):]
}

var (
	position = regexp.MustCompile(`\bpositions? (\d+)`)
	// altered are the ways in which the services say that the log is not what it was.
	altered = regexp.MustCompile("does not continue what it had|does not have the history that was signed|which the log does not have|differs from the log's|has lost messages")
)

// Altered is the first position from which a text says that the log was altered, or 0. What else it says
// counts for nothing: a process may stop for many reasons.
func Altered(text string) (first uint64) {
	for line := range strings.Lines(text) {
		if at := FirstPosition(line); altered.MatchString(line) && at > 0 && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// FirstPosition is the first position that a text names, or 0.
func FirstPosition(text string) (first uint64) {
	for _, match := range position.FindAllStringSubmatch(text, -1) {
		if named, err := strconv.ParseUint(match[1], 10, 64); err == nil && (first == 0 || named < first) {
			first = named
		}
	}
	return first
}

// Command runs stafett to its end.
func (s *System) Command(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, s.programs.Path("stafett"), args...).CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("stafett %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}
