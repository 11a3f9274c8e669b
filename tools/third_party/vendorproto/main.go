// Command vendorproto writes the third-party .proto files that ours import, as
// they are linked into their Go packages, because the build reaches no schema
// registry. Their comments are lost; their licence is Apache-2.0.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	_ "google.golang.org/genproto/googleapis/api/annotations"
)

var files = []string{
	"buf/validate/validate.proto",
	"google/api/field_behavior.proto",
	"google/api/field_info.proto",
	"google/api/resource.proto",
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: vendorproto FOLDER")
	}
	for _, name := range files {
		if err := write(os.Args[1], name); err != nil {
			log.Fatal(err)
		}
	}
}

func write(folder, name string) error {
	file, err := protoregistry.GlobalFiles.FindFileByPath(name)
	if err != nil {
		return err
	}
	text, err := print(file)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func print(file protoreflect.FileDescriptor) (string, error) {
	printer := protoprint.Printer{Compact: true}
	return printer.PrintProtoToString(file)
}
