// Command vendorproto writes the third-party .proto files that ours import, as
// they are linked into their Go packages, because the build reaches no schema
// registry. Their comments are lost; their licence is Apache-2.0. So are the CEL
// expressions behind protovalidate's own rules: validators bring them, and
// protobuf.js, which grpc-js loads protos with, cannot parse them.
package main

import (
	"log"
	"os"
	"path/filepath"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/rpc/code"
)

var files = []string{
	"buf/validate/validate.proto",
	"google/api/field_behavior.proto",
	"google/api/field_info.proto",
	"google/api/resource.proto",
	"google/rpc/code.proto",
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
	plain, err := withoutExpressions(file)
	if err != nil {
		return err
	}
	text, err := print(plain)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// withoutExpressions is a copy of a file whose fields carry no predefined rules.
func withoutExpressions(file protoreflect.FileDescriptor) (protoreflect.FileDescriptor, error) {
	plain := protodesc.ToFileDescriptorProto(file)
	for _, message := range plain.MessageType {
		for _, field := range message.Field {
			clearPredefined(field)
		}
	}
	return protodesc.NewFile(plain, protoregistry.GlobalFiles)
}

func clearPredefined(field *descriptorpb.FieldDescriptorProto) {
	if field.Options == nil || !proto.HasExtension(field.Options, validate.E_Predefined) {
		return
	}
	proto.ClearExtension(field.Options, validate.E_Predefined)
	if proto.Size(field.Options) == 0 {
		field.Options = nil
	}
}

func print(file protoreflect.FileDescriptor) (string, error) {
	printer := protoprint.Printer{Compact: true}
	return printer.PrintProtoToString(file)
}
