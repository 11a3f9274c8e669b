package play_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more stories play beside each other than there are processors, unless
// -parallel says how many: most of one is waiting for disks and sockets.
func TestMain(m *testing.M) {
	flag.Set("test.parallel", "6")
	os.Exit(m.Run())
}
