// Command commands writes into docs/life-of-a-handover.md which commands each state of a
// handover allows, and to whom:
//
//	go run ./tools/gen/commands docs/life-of-a-handover.md
//
// It reads the catalogue of package handover, so it must be built after the protos have
// been generated.
package main

import (
	"log"
	"os"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/tools/internal/marked"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: commands FILE")
	}
	if err := marked.Rewrite(os.Args[1], "commands", table(command.Definitions())); err != nil {
		log.Fatal(err)
	}
}
