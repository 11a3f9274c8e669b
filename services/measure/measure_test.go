package measure_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/stafett/stafett/services/measure"
)

// TestEverythingIsMeasured, of a count that is not a whole number of batches or tiles.
func TestEverythingIsMeasured(t *testing.T) {
	var out bytes.Buffer
	if err := measure.Proofs(t.Context(), &out, 3000); err != nil {
		t.Fatal(err)
	}
	const number = `[1-9][0-9]*`
	for _, line := range []string{
		`(?m)^3000 commits, ` + number + ` processors$`,
		`(?m)^TREE, .*: SHA-256 alone ` + number + `/s, tree ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^FOLLOW 3000 commits, .*: ` + number + `/s$`,
		`(?m)^  reading it, verifying: ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^  reading it, byte for byte: ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^  reading it, plain: ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^VERIFY 300 offline: .*, verify ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^VERIFY 3000 offline: .*, verify ` + number + `/s, ratio \d+\.\d\d$`,
		`(?m)^  memory: \d+ MB for 300, \d+ MB for 3000, ratio \d+\.\d\d$`,
	} {
		if !regexp.MustCompile(line).Match(out.Bytes()) {
			t.Errorf("nothing is like %s in\n%s", line, &out)
		}
	}
}
