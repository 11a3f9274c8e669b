package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWaitingSaysALineAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		var said strings.Builder
		tries := 0
		err := patiently(ctx, slog.New(slog.NewTextHandler(&said, nil)), func() error { tries++; return fmt.Errorf("%w: refused", errAway) })
		if lines := strings.Count(said.String(), "\n"); !errors.Is(err, context.DeadlineExceeded) || lines < 9 || lines > 10 || tries > 80 || tries < 60 {
			t.Errorf("%d lines and %d tries in ten minutes, %v", lines, tries, err)
		}
	})
}

func TestOnlyWhatMayPassIsWaitedFor(t *testing.T) {
	tries := 0
	if err := patiently(t.Context(), slog.New(slog.DiscardHandler), func() error { tries++; return errNotSynced }); !errors.Is(err, errNotSynced) || tries != 1 {
		t.Errorf("%v after %d tries", err, tries)
	}
}

// A service without its certificate says so at once, and what to do.
func TestServeNeedsItsPlatformFolder(t *testing.T) {
	whole := t.TempDir()
	if err := Certify(whole, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := (ServeConfig{Service: "routing", Platform: whole}).complete(); err != nil {
		t.Error(err)
	}
	err := Serve(t.Context(), ServeConfig{Service: "routing", Platform: t.TempDir(), Data: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "stafett certify --platform") {
		t.Errorf("an empty folder: %v", err)
	}
}
