package root

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// tagged is the version of a build from a tag:
//
//	go build -ldflags "-X github.com/stafett/stafett/tools/stafett/internal/root.tagged=$(git describe --tags)"
var tagged string

// version is the tag or the module's version, and the commit it was built from, as far as
// the build records them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := cmp.Or(tagged, info.Main.Version)
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			text += " " + setting.Value
		}
	}
	return fmt.Sprintf("%s %s/%s %s", text, runtime.GOOS, runtime.GOARCH, runtime.Version())
}
