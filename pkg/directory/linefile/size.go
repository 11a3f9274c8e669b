package linefile

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Bounds of a file of lines: 20,000 of them with a good deal to say about each.
var Bounds = yamlread.Bounds{Bytes: 16 << 20, Members: 20_000}

// maxLine limits a line's size in bytes of protobuf. A line is one event and must fit into
// one log message (56 KiB) together with the rest of the commit.
const maxLine = 48 << 10

func checkSize(at yamlread.Value, line *handoverv1.Line) {
	if size := proto.Size(line); size > maxLine {
		at.Refuse("this line has %d bytes when it is stored; write at most %d, with shorter notes or fewer schedules, exceptions and doors", size, maxLine)
	}
}
