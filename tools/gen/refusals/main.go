// Command refusals writes the constructors of pkg/refusal, one for each reason:
//
//	go run ./tools/gen/refusals pkg/refusal/reasons.go
//
// It fails for a reason that does not state its gRPC code, or whether a client may repeat
// the request. It is a separate command because it must be built after the protos have
// been generated.
package main

import (
	"log"
	"os"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: refusals FILE")
	}
	source, err := generate(handoverv1.RefusalReason(0).Descriptor())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], source, 0o644); err != nil {
		log.Fatal(err)
	}
}
