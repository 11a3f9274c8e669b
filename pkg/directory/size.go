package directory

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// maxLine is how large a line may be, in bytes of protobuf. It is one event, and must fit
// into one message of the log (56 KiB) with what else stands there.
const maxLine = 48 << 10

func checkSize(at yamlread.Value, line *handoverv1.Line) {
	if size := proto.Size(line); size > maxLine {
		at.Refuse("this line has %d bytes when it is stored; write at most %d, with shorter notes or fewer schedules, exceptions and doors", size, maxLine)
	}
}
