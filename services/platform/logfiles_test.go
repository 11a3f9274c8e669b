package platform_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// TestAPlatformStopsWithoutTheFilesOfItsLog: the server would go on acknowledging what it
// writes into files that nobody can open again.
func TestAPlatformStopsWithoutTheFilesOfItsLog(t *testing.T) {
	for name, lose := range map[string]func(log string) error{
		"deleted": func(log string) error {
			for os.RemoveAll(log) != nil { // the server may be creating a stream
			}
			return nil
		},
		"replaced": func(log string) error {
			copied := log + ".copy"
			return errors.Join(os.CopyFS(copied, os.DirFS(log)), os.Rename(log, log+".before"), os.Rename(copied, log))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, data := logtest.Context(t), t.TempDir()
			p := apitest.Must[*platform.Platform](t)(platform.Up(ctx, platform.Config{Data: data, Lines: linefile.Example()}))
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			if err := lose(filepath.Join(data, "log")); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "restore") {
				t.Errorf("it ends with %v", err)
			}
		})
	}
}
