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
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: commands FILE")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	written, err := replace(string(text), table(command.Definitions()))
	if err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	if err := os.WriteFile(os.Args[1], []byte(written), 0o644); err != nil {
		log.Fatal(err)
	}
}
