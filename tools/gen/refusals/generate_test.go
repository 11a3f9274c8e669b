package main

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/marked"
)

func TestConstructorsAreCurrent(t *testing.T) {
	want, err := generate(handoverv1.RefusalReason(0).Descriptor())
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../pkg/refusal/reasons.go")
	if err != nil || string(got) != string(want) {
		t.Errorf("run go run ./tools/gen: pkg/refusal/reasons.go is not what the protos say (%v)", err)
	}
}

func TestTheTableOfReasonsIsCurrent(t *testing.T) {
	source, err := os.ReadFile("../../../proto/stafett/handover/v1/codes.proto")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("../../../docs/integrate.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table(handoverv1.RefusalReason(0).Descriptor(), string(source))
	if err != nil {
		t.Fatal(err)
	}
	if want, err := marked.Replace(string(document), "reasons", rows); err != nil || string(document) != want {
		t.Errorf("run go run ./tools/gen: docs/integrate.md does not list the reasons as the protos do (%v)", err)
	}
	if _, err := table(handoverv1.RefusalReason(0).Descriptor(), ""); err == nil {
		t.Error("a reason without an explanation was listed")
	}
}

func TestAReasonWithoutACodeFailsGeneration(t *testing.T) {
	whole := &accessv1.Refusal{Code: 9, Repeat: accessv1.Repeat_REPEAT_NEVER}
	cases := map[string]struct {
		option *accessv1.Refusal
		fails  bool
	}{
		"whole":          {whole, false},
		"without option": {nil, true},
		"without code":   {&accessv1.Refusal{Repeat: whole.Repeat}, true},
		"without repeat": {&accessv1.Refusal{Code: whole.Code}, true},
	}
	for name, c := range cases {
		_, err := generate(enum(t, c.option))
		if fails := err != nil; fails != c.fails {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "REFUSAL_REASON_NEW") {
			t.Errorf("%s: %v does not name the reason", name, err)
		}
	}
}

// enum is one of a single reason with an option.
func enum(t *testing.T, option *accessv1.Refusal) protoreflect.EnumDescriptor {
	t.Helper()
	value := &descriptorpb.EnumValueDescriptorProto{Name: proto.String("REFUSAL_REASON_NEW"), Number: proto.Int32(1)}
	if option != nil {
		value.Options = &descriptorpb.EnumValueOptions{}
		proto.SetExtension(value.Options, accessv1.E_Refusal, option)
	}
	none := &descriptorpb.EnumValueDescriptorProto{Name: proto.String("REFUSAL_REASON_UNSPECIFIED"), Number: proto.Int32(0)}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("new.proto"), Syntax: proto.String("proto3"),
		EnumType: []*descriptorpb.EnumDescriptorProto{{
			Name: proto.String("RefusalReason"), Value: []*descriptorpb.EnumValueDescriptorProto{none, value},
		}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file.Enums().Get(0)
}
