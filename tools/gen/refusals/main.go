// Command refusals writes the constructors of pkg/refusal, one for each reason, and the
// table of reasons in docs/integrate.md:
//
//	go run ./tools/gen/refusals pkg/refusal/reasons.go docs/integrate.md proto/stafett/handover/v1/codes.proto
//
// It fails for a reason that does not state its gRPC code, or whether a client may repeat
// the request. It is a separate command because it must be built after the protos have
// been generated.
package main

import (
	"log"
	"os"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/marked"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: refusals FILE DOCUMENT PROTO")
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func write(file, document, source string) error {
	enum := handoverv1.RefusalReason(0).Descriptor()
	constructors, err := generate(enum)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, constructors, 0o644); err != nil {
		return err
	}
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	rows, err := table(enum, string(text))
	if err != nil {
		return err
	}
	return marked.Rewrite(document, "reasons", rows)
}
