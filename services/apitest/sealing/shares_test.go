package sealing_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

// TestALostStorageKey is restored from two shares, and with it all that the line's files have.
func TestALostStorageKey(t *testing.T) {
	w, sender, first, _, name := scene(t)
	shares := apitest.Must[[2]string](t)(sender.Shares())
	w.Remove("identity/line/sender.storage")
	files := platform.Credentials(platform.IdentityFolder(w.Data), "line", "sender")
	sender.must(sealing.Restore(files, shares[1], shares[0], w.Clock.Now()))
	sender.crashes()
	sender.grant(name)
	first.opens(name, agreedLine)
}
